// A board. The kernel knows the plan; this knows what is on the screen.

const PAUSE = 250; // milliseconds without a move: time for warnings and the comparison
const GESTURE = 800; // milliseconds after which the same slider begins another move

/** Make an element; whatever a client wrote becomes text, never markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

class BoardView {
  constructor(model, el) {
    this.model = model;
    this.panel = model.get("panel");
    this.texts = this.panel.texts;
    this.gesture = 0;
    this.controls = new Map();
    this.teller = new Teller(model, () => this.#late());
    this.root = make("div", {
      class: "fk-board",
      "data-lm-suppress-shortcuts": "true", // arrow keys are the sliders', not the notebook's
      onkeydown: (event) => this.#key(event),
    });
    this.root.append(this.#head(), this.#left(), this.#right());
    el.append(this.root);
    this.canvas = new Canvas(model, this.place, (error) => this.#failed(error));
    this.canvas.draw();
    this.show(model.get("state"));
    this.openPanel(0);
    this.look("all");
  }

  tell(kind, more = {}) {
    this.teller.tell({ kind, ...more });
    this.#pause();
  }

  #pause() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.teller.tell({ kind: "rest", compare: this.looking === "compare" });
    }, PAUSE);
  }

  /** A number that stays the same while one slider is being moved. */
  #gestureOf(lever) {
    const now = performance.now();
    if (lever !== this.last?.lever || now - this.last.at > GESTURE) this.gesture += 1;
    this.last = { lever, at: now };
    return `${this.teller.view} ${this.gesture}`;
  }

  // ---- what there is

  #button(kind, text, act, more = {}) {
    return make("button", { type: "button", class: `fk-${kind}`, onclick: act, ...more }, text);
  }

  #head() {
    this.figures = make("div", { class: "fk-figures" });
    const tool = (kind, sign, act) => {
      const text = this.texts[kind];
      return this.#button(kind, sign, act, { title: text, "aria-label": text });
    };
    this.undo = tool("undo", "↶", () => this.tell("undo"));
    this.redo = tool("redo", "↷", () => this.tell("redo"));
    const reset = this.#button("reset", this.texts.reset, () => this.tell("reset"));
    const acts = this.#acts();
    const present = this.#button("present", this.texts.present, () => this.#present());
    const tools = make("div", { class: "fk-tools" }, this.undo, this.redo, reset, acts, present);
    return make("div", { class: "fk-head" }, this.figures, tools);
  }

  /** No button where nothing can be solved, one for one way to B, a list for several. */
  #acts() {
    const ways = this.panel.acts;
    const act = (name) => this.tell("act", { name });
    if (!ways.length) return null;
    if (ways.length === 1) return this.#button("act", ways[0][1], () => act(ways[0][0]));
    const title = this.texts.solve;
    const list = make(
      "select",
      {
        class: "fk-act",
        "aria-label": title,
        title,
        onchange: () => {
          if (list.value) act(list.value);
          list.value = "";
        },
      },
      make("option", { value: "" }, `${title} …`),
      ...ways.map(([name, text]) => make("option", { value: name }, text)),
    );
    return list;
  }

  #left() {
    const stages = this.panel.panels.map((panel, place) => this.#stage(panel, place));
    this.stages = make("div", { class: "fk-stages" }, ...stages);
    this.said = make("div", { class: "fk-said", role: "status" });
    this.copy = make("pre", { class: "fk-copy", hidden: true });
    this.warnings = make("div", { class: "fk-warnings", "aria-label": this.texts.warnings });
    return make(
      "div",
      { class: "fk-side" },
      this.stages,
      make("div", { class: "fk-talk" }, this.said, this.copy, this.warnings),
      this.#scenarios(),
    );
  }

  #stage(panel, place) {
    const sliders = panel.sliders.map((slider) => this.#slider(slider));
    const marks = [
      ["real", sliders.length && panel.sliders.some((slider) => slider.real)],
      ["known", panel.sliders.some((slider) => slider.known)],
      ["today", true],
    ];
    const legend = marks
      .filter(([, there]) => there)
      .map(([kind]) => make("span", { class: `fk-key-${kind}` }, this.texts[kind]));
    const body = make(
      "div",
      { class: "fk-sliders" },
      ...sliders,
      make("div", { class: "fk-legend" }, ...legend),
    );
    const title = make(
      "button",
      { type: "button", class: "fk-title", onclick: () => this.openPanel(place) },
      make("b", {}, panel.title),
      ` · ${panel.department}`,
    );
    return make("section", { class: "fk-stage", style: `--fk-stage: ${panel.colour}` }, title, body);
  }

  #slider(slider) {
    const { name, text, meaning } = slider;
    const range = make("input", {
      type: "range",
      min: 0,
      max: slider.last,
      "aria-label": text,
      oninput: () =>
        this.tell("move", {
          lever: name,
          position: range.valueAsNumber,
          gesture: this.#gestureOf(name),
        }),
    });
    const entry = make("input", {
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      "aria-label": `${text}, ${slider.counts}`,
      onchange: () => this.tell("type", { lever: name, text: entry.value }),
      onfocus: () => entry.select(),
    });
    const reset = this.#button("back", "↺", () => this.tell("reset", { lever: name }), {
      "aria-label": this.texts.reset_one.replace("{lever}", text),
      title: this.texts.reset_one.replace("{lever}", text),
    });
    const lock = make("button", {
      type: "button",
      class: "fk-lock",
      onclick: () => this.tell("lock", { lever: name }),
      "aria-label": this.texts.lock.replace("{lever}", text),
      title: this.texts.lock.replace("{lever}", text),
    });
    const mark = (kind, ends) =>
      ends &&
      make("i", {
        class: `fk-mark-${kind}`,
        style: `left: ${100 * ends[0]}%; right: ${100 * (1 - ends[1])}%`,
      });
    const track = make(
      "div",
      { class: "fk-track" },
      make(
        "div",
        { class: "fk-marks" },
        mark("real", slider.real),
        mark("known", slider.known),
        mark("today", [slider.now, slider.now]),
      ),
      range,
    );
    this.controls.set(name, { range, entry, reset, lock });
    return make(
      "div",
      { class: "fk-lever", "data-lever": name },
      make(
        "label",
        { title: meaning },
        text,
        make("small", {}, ` ${slider.counts}`),
      ),
      make("div", { class: "fk-number" }, reset, lock, entry),
      track,
      make("div", { class: "fk-today" }, slider.today),
    );
  }

  #scenarios() {
    const { texts } = this;
    this.saved = make("select", {
      "aria-label": texts.scenario,
      title: texts.scenario,
      onchange: () => {
        if (this.saved.value) this.tell("open", { scenario: this.saved.value });
        this.saved.value = "";
      },
    });
    this.name = make("input", {
      type: "text",
      placeholder: texts.name,
      "aria-label": texts.name,
      maxlength: 60,
      onkeydown: (event) => event.key === "Enter" && this.#save(),
    });
    const pin = this.#button("pin", texts.pin, () => this.tell("pin", { name: this.name.value }));
    const save = this.#button("save", texts.save, () => this.#save());
    const decide = this.#button("decide", texts.decide, () => this.decide());
    this.pins = make("div", { class: "fk-pins" });
    return make(
      "div",
      { class: "fk-scenarios" },
      make("div", { class: "fk-row" }, this.name, pin, save),
      make("div", { class: "fk-row" }, this.saved, decide),
      this.pins,
    );
  }

  #save() {
    this.tell("save", { name: this.name.value });
  }

  #right() {
    this.place = make("div", { class: "fk-canvas" });
    this.comparison = make("div", { class: "fk-comparison", hidden: true });
    this.looks = new Map();
    const bar = make("div", { class: "fk-looks", role: "toolbar" });
    for (const kind of ["all", ...this.panel.pictures, "compare"]) {
      const button = this.#button("look", this.texts[kind], () => this.look(kind));
      this.looks.set(kind, button);
      bar.append(button);
    }
    return make("div", { class: "fk-views" }, bar, this.place, this.comparison);
  }

  // ---- what it shows

  /** Show what changed; what is not named stays. */
  show(state) {
    if (state.figures) this.#showFigures(state.figures);
    for (const [name, lever] of Object.entries(state.levers ?? {})) this.#showLever(name, lever);
    if ("undo" in state) this.undo.disabled = !state.undo;
    if ("redo" in state) this.redo.disabled = !state.redo;
    if (state.said) this.#showSaid(state.said);
    if (state.warnings) this.#showWarnings(state.warnings);
    if (state.pins) this.#showPins(state.pins);
    if (state.scenarios) this.#showScenarios(state.scenarios);
    if ("comparison" in state) this.comparison.innerHTML = state.comparison; // escaped by its maker
  }

  #showFigures(figures) {
    if (this.figures.childElementCount !== figures.length) {
      const parts = figures.map(() => make("div", {}, make("span"), make("strong")));
      this.figures.replaceChildren(...parts);
    }
    figures.forEach(([name, value], place) => {
      const [label, number] = this.figures.children[place].children;
      if (label.textContent !== name) label.textContent = name;
      if (number.textContent !== value) number.textContent = value;
    });
  }

  #showLever(name, { position, last, text, moved, locked }) {
    const { range, entry, reset, lock } = this.controls.get(name);
    lock.hidden = locked === null;
    lock.setAttribute("aria-pressed", locked === true);
    range.disabled = locked === true;
    entry.disabled = locked === true;
    range.max = last;
    if (!this.teller.isMoving(name)) range.value = position; // else the hand is further already
    range.setAttribute("aria-valuetext", text);
    entry.value = text;
    entry.removeAttribute("aria-invalid");
    reset.classList.toggle("fk-moved", moved);
  }

  #showSaid({ sentence, problem, lever, copy, name }) {
    this.said.textContent = sentence;
    this.said.classList.toggle("fk-problem", problem);
    this.copy.textContent = copy;
    this.copy.hidden = !copy;
    if (name) this.name.value = name;
    for (const [own, { entry, range }] of this.controls) {
      if (problem && own === lever) {
        entry.setAttribute("aria-invalid", "true");
      } else if (entry.hasAttribute("aria-invalid")) {
        entry.removeAttribute("aria-invalid");
        entry.value = range.getAttribute("aria-valuetext"); // what was refused is not the plan
      }
    }
  }

  #showWarnings(warnings) {
    const items = warnings.map((warned) =>
      make(
        "div",
        { class: `fk-warning${warned.failed ? " fk-failed" : ""}` },
        warned.begun ? make("b", {}, `${this.texts.new}: `) : null,
        warned.sentence,
        warned.decision
          ? make("div", { class: "fk-advice" }, `${warned.decision} `, this.#decideLink(warned))
          : null,
      ),
    );
    if (!items.length) items.push(make("div", { class: "fk-calm" }, this.texts.calm));
    this.warnings.replaceChildren(...items);
  }

  #decideLink(warned) {
    return this.#button("decide-this", this.texts.decide, () => this.decide(warned));
  }

  #showPins(pins) {
    const chips = pins.map((name) => {
      const text = this.texts.unpin.replace("{name}", name);
      const open = this.#button("chip", name, () => this.tell("open", { pin: name }));
      const close = this.#button("unpin", "×", () => this.tell("unpin", { name }), {
        "aria-label": text,
        title: text,
      });
      return make("span", {}, open, close);
    });
    this.pins.replaceChildren(...(chips.length ? [this.texts.pins, ...chips] : []));
    this.pins.hidden = !chips.length;
  }

  #showScenarios(scenarios) {
    const options = scenarios.map(([name, title]) => make("option", { value: name }, title));
    this.saved.replaceChildren(make("option", { value: "" }, `${this.texts.scenario} …`), ...options);
  }

  openPanel(place) {
    [...this.stages.children].forEach((stage, number) => {
      stage.classList.toggle("fk-open", number === place);
      stage.firstElementChild.setAttribute("aria-expanded", number === place);
    });
  }

  /** Look at all pictures, at one of them, or at the comparison: what is drawn stays drawn. */
  look(kind) {
    this.looking = kind;
    for (const [name, button] of this.looks) button.setAttribute("aria-pressed", name === kind);
    this.comparison.hidden = kind !== "compare";
    this.place.hidden = kind === "compare";
    if (kind === "compare") this.#pause();
    this.frame();
  }

  /** Let the drawing's view box be the picture that is looked at. */
  frame() {
    const drawing = this.place.querySelector("svg.marks");
    if (!drawing) return;
    drawing.removeAttribute("width");
    drawing.removeAttribute("height");
    this.whole ??= drawing.getAttribute("viewBox");
    const group = drawing.querySelector(`g.${this.looking}_group > g`);
    const { e, f } = group?.transform.baseVal.consolidate()?.matrix ?? {};
    const own = this.#size(this.looking);
    const box = own && group ? this.#around(group, e, f, own) : this.whole;
    for (const name of this.panel.pictures) {
      const other = own && name !== this.looking;
      drawing.querySelector(`g.${name}_group`).style.display = other ? "none" : "";
    }
    if (box) drawing.setAttribute("viewBox", box);
  }

  #around(group, x, y, { width, height }) {
    // A picture stands in a line of pictures: its place is that of the line and its own.
    let [left, top] = [x, y];
    for (let up = group.parentElement.closest("g[transform]"); up; up = up.parentElement?.closest("g[transform]")) {
      const matrix = up.transform.baseVal.consolidate()?.matrix;
      left += matrix?.e ?? 0;
      top += matrix?.f ?? 0;
    }
    return `${left - 6} ${top - 6} ${width + 12} ${height + 12}`;
  }

  #size(name) {
    const lines = this.model.get("spec").vconcat.flatMap((line) => line.hconcat);
    return lines.find((part) => part.name === name);
  }

  // ---- what happens

  decide(warned = {}) {
    const { texts } = this;
    const field = (text, input) => make("label", {}, text, input);
    const what = make("textarea", { rows: 3, maxlength: 300, required: true });
    const who = make("input", { type: "text", maxlength: 300, required: true });
    const by = make(
      "select",
      {},
      ...this.panel.months.map((text, month) => make("option", { value: month }, text)),
    );
    const money = make("input", { type: "text", inputmode: "decimal" });
    what.value = warned.decision ?? "";
    who.value = warned.who ?? "";
    by.value = this.panel.horizon;
    money.value = warned.worth ?? "";
    const form = make(
      "form",
      {
        method: "dialog",
        onsubmit: () =>
          this.tell("decide", {
            what: what.value,
            who: who.value,
            by: Number(by.value),
            money: money.value,
          }),
      },
      field(texts.what, what),
      field(texts.who, who),
      field(texts.by, by),
      field(texts.money, money),
      make(
        "div",
        { class: "fk-row" },
        make("button", { type: "submit" }, texts.decide),
        this.#button("cancel", texts.cancel, () => dialog.close()),
      ),
    );
    const dialog = make("dialog", { "aria-label": texts.decide, onclose: () => dialog.remove() }, form);
    this.root.append(dialog);
    dialog.showModal();
  }

  #present() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen();
  }

  #key(event) {
    event.stopPropagation();
    if (!(event.ctrlKey || event.metaKey) || event.target.matches('[type="text"], textarea')) return;
    const kind = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()];
    if (!kind) return;
    event.preventDefault();
    this.tell(kind);
  }

  heard({ number, state, rows }) {
    // Figures come behind the pictures, within the same frame.
    const { said } = this.model.get("state"); // not among the news where it is as before
    const news = this.wasLate ? { said, ...state } : state;
    this.wasLate = false;
    Promise.resolve(rows && this.canvas.swap(rows)).then(() => news && this.show(news));
    if (number) this.teller.heard(number);
  }

  #late() {
    this.wasLate = true;
    this.#showSaid({ sentence: this.texts.slow, problem: true, lever: "", copy: "" });
  }

  #failed(error) {
    const sentence = `${this.model.get("_texts").failed} ${error.message}`;
    this.#showSaid({ sentence, problem: true, lever: "", copy: "" });
  }

  gone() {
    this.teller.remove();
    this.root.classList.add("fk-gone");
    this.root.append(make("div", { class: "fk-gone-said" }, this.model.get("_texts").gone));
  }

  remove() {
    clearTimeout(this.timer);
    this.teller.remove();
    this.canvas.remove();
  }
}

export default {
  initialize({ model }) {
    keepCurrent(model);
    model.on("msg:custom", ({ state }) => {
      if (!state) return;
      const held = model.get("state");
      Object.assign(held, { ...state, levers: { ...held.levers, ...state.levers } });
    });
  },

  render({ model, el }) {
    const view = new BoardView(model, el);
    const framed = new MutationObserver(() => view.frame());
    framed.observe(view.place, { childList: true, subtree: false });
    model.on("msg:custom", (message) => view.heard(message));
    model.on("change:spec", () => view.canvas.draw());
    model.on("change:state", () => view.show(model.get("state")));
    whenKernelGoes(model, () => view.gone());
    return () => {
      framed.disconnect();
      view.remove();
    };
  },
};
