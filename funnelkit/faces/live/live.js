// What every live chart is made of: the drawing library, fetched once a page, and a canvas that
// swaps rows in place. The file that stands behind this one in the module says what is shown.

const LIBRARIES = Symbol.for("funnelkit.libraries");
const LONGEST = 30_000; // milliseconds to wait for the library

/** The library's embed function. Whoever asks first fetches it from the kernel for all. */
async function library(model) {
  const page = (globalThis[LIBRARIES] ??= new Map());
  const name = model.get("_library");
  for (;;) {
    const mine = !page.has(name);
    if (mine) page.set(name, fetched(model));
    const promised = page.get(name);
    try {
      return await promised;
    } catch (error) {
      if (page.get(name) === promised) page.delete(name);
      if (mine) throw error;
    }
  }
}

function fetched(model) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the kernel sent no library")), LONGEST);
    const heard = async (message, buffers) => {
      if (message.kind !== "library") return;
      clearTimeout(late);
      model.off("msg:custom", heard);
      try {
        resolve((await imported(buffers[0])).vegaEmbed);
      } catch (error) {
        reject(error);
      }
    };
    model.on("msg:custom", heard);
    model.send({ kind: "library" });
  });
}

async function imported(packed) {
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(unpacked).text();
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Keep a model's chart as it stands: what all its views draw, those opened later, too. */
function keepCurrent(model) {
  model.on("msg:custom", ({ rows }) => {
    const { datasets } = model.get("spec");
    for (const [name, news] of Object.entries(rows ?? {})) {
      // News are all rows of a dataset, or those that changed by their place.
      datasets[name] = Array.isArray(news)
        ? news
        : datasets[name].map((row, place) => news[place] ?? row);
    }
  });
}

/**
 * A chart in an element. Rows that come faster than they are drawn replace each other.
 *
 * Vega takes the very objects that it is given as its rows, so the canvas keeps them: as long as a
 * dataset has as many rows as before, only the fields that differ are changed, which takes half the
 * time of putting all rows in anew and leaves every element of the drawing where it is.
 */
class Canvas {
  constructor(model, element, failed) {
    Object.assign(this, { model, element, failed, drawing: null, embedded: null });
    this.waiting = new Set(); // names of datasets
    this.rows = new Map(); // by dataset: Vega's rows, and what they were last told to be
    this.themes = new MutationObserver(() => this.#isDark() === this.dark || this.draw());
    this.themes.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
    this.sizes = new ResizeObserver(() => this.#resize());
    this.sizes.observe(element);
  }

  #isDark() {
    return document.body.dataset.jpThemeLight === "false";
  }

  #resize() {
    const wide = this.element.clientWidth;
    if (!this.embedded || wide === this.wide) return;
    this.wide = wide;
    if (this.responsive) window.dispatchEvent(new Event("resize")); // Vega listens to this alone
  }

  /** Embed the chart as its model has it: once, and again for another chart or theme. */
  async draw() {
    const ticket = (this.ticket = {});
    try {
      const embed = await library(this.model);
      if (this.ticket !== ticket) return;
      const spec = structuredClone(this.model.get("spec"));
      this.dark = this.#isDark();
      this.responsive = JSON.stringify(spec).includes('"container"');
      const options = { ...spec.usermeta?.embedOptions, mode: "vega-lite", actions: false };
      if (this.dark && !spec.config?.background) options.theme = "dark";
      delete spec.usermeta;
      delete spec.$schema; // it may name an older Vega-Lite, which JupyterLab draws elsewhere
      const place = document.createElement("div");
      this.element.append(place);
      const embedded = await embed(place, spec, { renderer: "svg", ...options });
      if (this.ticket !== ticket) {
        embedded.finalize();
        place.remove();
        return;
      }
      this.#finalize();
      Object.assign(this, { embedded, place });
      this.swap(spec.datasets); // what came while it was being embedded
    } catch (error) {
      this.failed(error);
    }
  }

  /** Draw the datasets of these names as the model has them by then. */
  swap(named) {
    for (const name of Object.keys(named)) this.waiting.add(name);
    if (this.embedded) this.drawing ??= this.#flush();
    return this.drawing;
  }

  async #flush() {
    await null; // so that this is known as the drawing before it ends
    while (this.waiting.size && this.embedded) {
      const { view } = this.embedded;
      const { datasets } = this.model.get("spec");
      try {
        for (const name of this.waiting) {
          view.change(name, this.#changes(view.changeset(), name, datasets[name]));
        }
        this.waiting.clear();
        await view.runAsync();
      } catch (error) {
        this.waiting.clear();
        this.failed(error);
      }
    }
    this.drawing = null; // at once: rows that come a moment later start another
  }

  #changes(changes, name, values) {
    const [own, before] = this.rows.get(name) ?? [];
    if (before?.length !== values.length) {
      const rows = structuredClone(values); // other views of the same model have rows of their own
      this.rows.set(name, [rows, values]);
      return changes.remove(() => true).insert(rows);
    }
    own.forEach((row, place) => {
      const [old, now] = [before[place], values[place]];
      if (old === now) return;
      for (const field of Object.keys({ ...old, ...now })) {
        if (old[field] !== now[field]) changes.modify(row, field, now[field]);
      }
    });
    this.rows.set(name, [own, values]);
    return changes;
  }

  #finalize() {
    this.rows.clear();
    this.embedded?.finalize();
    this.place?.remove();
    this.embedded = this.place = null;
  }

  remove() {
    this.ticket = null;
    this.waiting.clear();
    this.themes.disconnect();
    this.sizes.disconnect();
    this.#finalize();
  }
}

/** Call back when the kernel that answers for a model is gone: a link is set up only once. */
function whenKernelGoes(model, gone) {
  let told = false;
  model.on("comm_live_update", () => {
    if (!told) gone();
    told = true;
  });
}
