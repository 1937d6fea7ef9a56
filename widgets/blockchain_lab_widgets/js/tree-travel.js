// Shows a reorganisation for about a second: the peer's chip goes back to the fork and up the other branch.
import { svg } from "./dom.js";
import { BOX } from "./tree-layout.js";
import { TRAVEL, findWay, isStill, measureWay } from "./tree-reorg.js";

const MOST = 6; // chips on their way at once

/** Moves chips of one drawing. The browser runs the animation: no frame of ours is asked for. */
export class Travels {
  #running = [];

  /** @param {Element} host gets the class `bl-turning` meanwhile, under which blocks fade to stale */
  constructor(host, drawing) {
    Object.assign(this, { host, drawing });
  }

  /** Let the chips of `found` (of `findReorganisations`) travel; nothing moves when less motion is wanted. */
  start(found, index) {
    if (isStill()) return;
    const { model, layout, tags } = this.drawing;
    for (const { peer, previous, hash } of found.slice(0, MOST)) {
      const orders = [previous, hash].map(each => index.get(each)?.order ?? -1);
      const way = findWay(model.tree, layout, ...orders);
      const placed = layout.tags.find(({ tag }) => tag.key === `tip:${peer}`);
      if (way.length > 1) this.#show(way, placed && { ...placed, chip: tags.live.get(`tip:${peer}`) });
    }
    if (this.#running.length) this.host.classList.add("bl-turning");
  }

  #show(points, placed) {
    const line = this.drawing.picture.insertBefore(
      svg("path", { class: "bl-way", pathLength: 1, d: `M${points.map(point => point.join(" ")).join("L")}` }),
      this.drawing.picture.querySelector(".bl-boxes")); // over the arrows
    const offsets = measureWay(points);
    const timing = { duration: TRAVEL, easing: "ease-in-out" };
    this.#run(line.animate([{ strokeDashoffset: 1, opacity: 1 }, { strokeDashoffset: 0, opacity: 1, offset: 0.8 }, { strokeDashoffset: 0, opacity: 0 }],
      { ...timing, duration: TRAVEL * 1.25 }), line);
    if (!placed) return;
    const { chip, x, y, width } = placed;
    const frames = points.map(([px, py], at) => ({
      transform: `translate(${px - width / 2}px, ${py + BOX.height / 2 + 4}px)`, offset: offsets[at],
    }));
    frames[frames.length - 1].transform = `translate(${x}px, ${y}px)`;
    this.#run(chip.animate(frames, timing), null);
  }

  #run(animation, line) {
    const entry = { animation, line };
    this.#running.push(entry);
    animation.onfinish = () => {
      line?.remove();
      this.#running = this.#running.filter(each => each !== entry);
      if (!this.#running.length) this.host.classList.remove("bl-turning");
    };
  }

  /** Everything is where it belongs at once: the cursor has jumped. */
  stop() {
    for (const { animation, line } of this.#running) {
      animation.onfinish = null;
      animation.cancel();
      line?.remove();
    }
    this.#running = [];
    this.host.classList.remove("bl-turning");
  }
}
