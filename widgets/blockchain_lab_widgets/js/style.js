// The one stylesheet: what all views share. Colours with a meaning come from palette.js as --bl-tip-*, --bl-class-*.
import { CSS as ACTING } from "./style-acting.js";
import { CSS as ADDRESS_BOOK } from "./style-address-book.js";
import { CSS as BYTES } from "./style-bytes.js";
import { CSS as CHART } from "./style-chart.js";
import { CSS as CLAIM } from "./style-claim.js";
import { CSS as CURVES } from "./style-curves.js";
import { CSS as DHT } from "./style-dht.js";
import { CSS as EVERYONE } from "./style-everyone.js";
import { CSS as LENS } from "./style-lens.js";
import { CSS as MEMPOOL } from "./style-mempool.js";
import { CSS as MESSAGE_MAP } from "./style-message-map.js";
import { CSS as NAT } from "./style-nat.js";
import { CSS as NETWORK } from "./style-network.js";
import { CSS as PAIR } from "./style-pair.js";
import { CSS as PAPER } from "./style-paper.js";
import { CSS as PREDICT } from "./style-predict.js";
import { CSS as PRESENT } from "./style-present.js";
import { CSS as READINGS } from "./style-readings.js";
import { CSS as SHARE } from "./style-share.js";
import { CSS as PEERS } from "./style-peers.js";
import { CSS as TABLE } from "./style-table.js";
import { CSS as TROUBLE } from "./style-trouble.js";
import { CSS as TRANSPORT } from "./style-transport.js";
import { CSS as TREE } from "./style-tree.js";
import { CSS as VALIDATORS } from "./style-validators.js";
import { CSS as VIEWS } from "./style-views.js";
import { CSS as WHY } from "./style-why.js";

const CSS = `${PAPER}
.bl-workbench {
  display: grid; height: 560px; grid-template: "bar bar" auto "left right" minmax(0, 1fr) / minmax(0, 5fr) minmax(0, 8fr);
}
.bl-workbench > .bl-transport { grid-area: bar; }
.bl-workbench > .bl-network { grid-area: left; height: auto; border-right: 1px solid var(--bl-line); }
.bl-workbench > .bl-tabbed { grid-area: right; height: auto; }
${TRANSPORT}${VIEWS}${NETWORK}${TREE}${TROUBLE}${BYTES}${WHY}${CHART}${CURVES}${DHT}${ACTING}${LENS}${MEMPOOL}${MESSAGE_MAP}${ADDRESS_BOOK}${NAT}${VALIDATORS}${PEERS}${READINGS}${SHARE}${TABLE}${PAIR}${CLAIM}${PRESENT}${PREDICT}
@container (max-width: 719px) {
  .bl-workbench { height: auto; grid-template: "bar" auto "left" 320px "right" 420px / minmax(0, 1fr); }
  .bl-workbench > .bl-network { border-right: 0; border-bottom: 1px solid var(--bl-line); }
}
@container (max-width: 479px) {
  .bl-split { grid-template: minmax(0, 1fr) minmax(0, 1fr) / minmax(0, 1fr); }
  .bl-split > .bl-hex { width: auto !important; border-left: 0; border-top: 1px solid var(--bl-line); }
}

.bl-tabbed { display: grid; grid-template: 34px minmax(0, 1fr) / minmax(0, 1fr); min-width: 0; }
.bl-tabs { display: flex; align-items: end; gap: 2px; padding: 0 6px; border-bottom: 1px solid var(--bl-line); }
.bl-tablist { display: flex; gap: 2px; min-width: 0; overflow: auto hidden; scrollbar-width: none; }
.blockchain-lab .bl-tab { height: 30px; min-width: 44px; padding: 0 12px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--bl-faint); border-radius: 4px 4px 0 0; border-bottom: 3px solid transparent; }
.blockchain-lab .bl-tab:focus-visible { outline-offset: -2px; }
.blockchain-lab .bl-tab[aria-selected="true"] { flex: none; color: var(--bl-ink); border-bottom-color: var(--bl-focus); }
.bl-tabs .bl-more, .bl-tabs .bl-handy { margin-bottom: 3px; }
.bl-tabs .bl-more { flex-shrink: 1000; min-width: 40px; }
.blockchain-lab .bl-handy { height: 26px; padding: 0 8px; border-color: var(--bl-line); }
.bl-tablist + * { margin-left: auto; }
.bl-panel { position: relative; min-height: 0; min-width: 0; }
.blockchain-lab .bl-panel > * { height: 100%; }
.bl-panel[hidden] { display: none; }
${EVERYONE}`;

/** Put the stylesheet into a page, once. */
export function install(page) {
  if (page.getElementById("blockchain-lab-style")) return;
  const sheet = page.createElement("style");
  sheet.id = "blockchain-lab-style";
  sheet.textContent = CSS;
  page.head.append(sheet);
}
