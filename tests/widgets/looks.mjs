// What the page's modules say about colours and shapes, as JSON, for Python to compare.
import { shapesFor } from "../../widgets/blockchain_lab_widgets/js/marks.js";
import { PALETTES, rankTips, tipColour } from "../../widgets/blockchain_lab_widgets/js/palette.js";

const { roles, tips } = JSON.parse(process.argv[2]);
const [light] = PALETTES;
const look = tip => tips.find(({ hash }) => hash === tip);
const ranked = rankTips(tips.map(({ hash }) => hash), hash => ({ ...look(hash), work: BigInt(look(hash).work) }));
process.stdout.write(JSON.stringify({
  paper: light.paper, ink: light.ink, faint: light.faint, edge: light.edge, full: light.full,
  tips: [0, 1, 2, 3, 4, 5].map(fill => tipColour(light, fill)),
  shapes: roles.map(each => Object.fromEntries(shapesFor(each))),
  ranked: [...ranked.keys()],
}));
