// The address book's own rules. Fill is a network group, each with a sign; shape the network; an outline makes each mark seen.

export const CSS = `
.bl-address-book { container-type: inline-size; position: relative; display: flex; flex-direction: column; height: 420px; min-width: 0; font-size: 12px; }
.bl-address-book > * { flex: none; }
.bl-address-book [hidden] { display: none !important; }
.bl-address-book .bl-head { height: 32px; }
.bl-address-book .bl-head > span:first-child { min-width: 0; overflow: hidden; text-overflow: ellipsis; color: var(--bl-faint); }
.bl-address-book .bl-side:disabled { color: var(--bl-faint); cursor: default; }
.bl-address-book > .bl-books, .bl-address-book > .bl-table { flex: 1 1 0; min-height: 0; }
.bl-books { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); overflow: hidden auto; }
.bl-book { display: flex; flex-direction: column; min-width: 0; padding: 6px 8px 0; }
.bl-book + .bl-book { border-left: 1px solid var(--bl-line); }
.bl-book .bl-empty { padding: 8px 0; }
.bl-book > .bl-lefts { position: sticky; bottom: 0; z-index: 1; flex: none; margin-top: auto; padding: 4px 0; background: var(--bl-paper); }
.bl-book .bl-left { padding: 0; }
.bl-slots { display: flex; flex-wrap: wrap; gap: 0 16px; padding-bottom: 6px; }
.bl-slot-row { display: flex; align-items: center; height: 24px; min-width: 0; max-width: 100%; }
.bl-slot-kind { flex: none; padding-right: 4px; }
.bl-slot-kind span, .bl-slot-more { color: var(--bl-faint); white-space: nowrap; }
.bl-slot-free { flex: none; width: 14px; height: 14px; margin: 0 2px; border: 1px dotted var(--bl-edge); border-radius: 4px; }
.bl-book-tables { display: grid; gap: 8px 12px; grid-template-columns: minmax(0, 1fr); padding-bottom: 6px; }
.bl-book-tables.bl-beside { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
.bl-book-title { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--bl-faint); line-height: 20px; }
.bl-book-title b { font-weight: 600; color: var(--bl-ink); }
.bl-strip { display: block; margin: 2px 0 6px; border-bottom: 1px solid var(--bl-edge); }
.bl-tick { fill: var(--bl-edge); }
.bl-tick.bl-selected { fill: var(--bl-selection); }
.bl-buckets { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 4px; }
.bl-bucket { display: flex; border: 1px solid var(--bl-line); border-radius: 4px; }
.bl-bucket.bl-plain { border: 0; }
.bl-bucket-name { flex: none; width: 30px; line-height: 20px; text-align: center; color: var(--bl-faint); }
.bl-style-names .bl-bucket-name { line-height: 22px; }
.bl-cells { display: grid; }
.blockchain-lab .bl-style-dots .bl-cell { height: 14px; padding: 0; border-radius: 0; border: 0; }
.bl-style-dots .bl-bucket-name { line-height: 16px; }
.bl-style-dots :is(.bl-open, .bl-dialling)::after { left: 1px; right: 1px; }
.blockchain-lab .bl-cell { position: relative; display: inline-flex; align-items: center; justify-content: center; gap: 4px; min-width: 0; height: 20px; padding: 0 3px; line-height: 16px; border-radius: 3px; }
.bl-style-names .bl-cell { justify-content: flex-start; height: 22px; }
.bl-cell > span { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bl-cell svg { flex: none; }
.bl-slots .bl-cell { flex: none; height: 20px; min-width: 18px; padding: 0 2px; }
.bl-slots-named .bl-slot { justify-content: flex-start; margin-right: 4px; max-width: 70px; }
.bl-slots-named .bl-slot-free { width: 18px; height: 18px; }
.bl-style-bundles .bl-buckets { display: grid; grid-template-columns: repeat(auto-fill, minmax(128px, 1fr)); }
.bl-bundle .bl-shares { flex: 0 1 48px; min-width: 20px; }
.bl-bundle > span { flex: none; }
.blockchain-lab .bl-style-bundles .bl-buckets > .bl-cell { height: 24px; justify-content: flex-start; border-color: var(--bl-line); }
.bl-bundle b { margin-left: auto; font-weight: 600; }
.bl-shape { fill: var(--bl-full); stroke: var(--bl-edge); stroke-width: 1.25; }
.bl-sign { fill: none; stroke: var(--bl-paper); stroke-width: 1.5; }
.bl-rank-3 > .bl-sign { fill: var(--bl-paper); stroke: none; }
.bl-rank-0 > .bl-shape, .bl-share.bl-rank-0 { fill: var(--bl-group-0); }
.bl-rank-1 > .bl-shape, .bl-share.bl-rank-1 { fill: var(--bl-group-1); }
.bl-rank-2 > .bl-shape, .bl-share.bl-rank-2 { fill: var(--bl-group-2); }
.bl-rank-3 > .bl-shape, .bl-share.bl-rank-3 { fill: var(--bl-group-3); }
.bl-share { fill: var(--bl-full); stroke: var(--bl-edge); }
.bl-share.bl-rank-5 { fill: var(--bl-paper); }
.bl-nobody-yet { color: var(--bl-faint); }
.bl-nobody > .bl-shape { fill: var(--bl-paper); stroke-width: 2; stroke-dasharray: 3 1.5; }
.bl-nobody.bl-rank-0 > .bl-shape { stroke: var(--bl-group-0); }
.bl-nobody.bl-rank-1 > .bl-shape { stroke: var(--bl-group-1); }
.bl-nobody.bl-rank-2 > .bl-shape { stroke: var(--bl-group-2); }
.bl-nobody.bl-rank-3 > .bl-shape { stroke: var(--bl-group-3); }
.bl-nobody > .bl-sign { stroke: var(--bl-ink); }
.bl-nobody.bl-rank-3 > .bl-sign { fill: var(--bl-ink); }
.bl-crossed { fill: none; stroke: var(--bl-alarm); stroke-width: 2; }
.bl-scheming::before { content: ""; position: absolute; left: 0; top: 2px; bottom: 2px; width: 3px; background: var(--bl-alarm); }
.bl-open::after, .bl-dialling::after { content: ""; position: absolute; left: 3px; right: 3px; bottom: 0; border-bottom: 2px solid var(--bl-class-connection); }
.bl-dialling::after { border-bottom-style: dotted; }
.bl-key { position: relative; display: inline-flex; align-items: center; justify-content: center; width: 20px; height: 18px; }
.blockchain-lab .bl-cell.bl-told, .bl-key.bl-told { background: var(--bl-soft); box-shadow: inset 0 0 0 1px var(--bl-class-addresses); border-radius: 3px; }
.blockchain-lab .bl-cell.bl-hover { background: var(--bl-soft); }
.blockchain-lab .bl-cell.bl-selected { box-shadow: inset 0 0 0 2px var(--bl-selection); }
.blockchain-lab .bl-cell:focus-visible { outline-offset: -2px; }
.bl-address-book .bl-detail { margin: 0; padding: 5px 10px; border-top: 1px solid var(--bl-line); line-height: 16px; min-height: 43px; color: var(--bl-faint); }
.bl-address-book .bl-detail b { font-weight: 600; color: var(--bl-ink); overflow-wrap: anywhere; }
@container (max-width: 719px) { .bl-address-book .bl-detail { min-height: 59px; } }
@container (max-width: 479px) { .bl-address-book .bl-detail { min-height: 75px; } }
`;
