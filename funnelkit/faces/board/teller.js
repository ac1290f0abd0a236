// How a board's page talks to its kernel: one telling, one answer.

const PATIENCE = 3000; // milliseconds to wait for an answer before saying so

/** What a person does, told to the kernel one at a time; of moves that wait the last one counts. */
class Teller {
  constructor(model, late) {
    Object.assign(this, { model, late, number: 0, waiting: new Map() });
    // What was asked and is not answered: its number, since another view of this board has
    // answers of its own, and its key.
    this.asked = this.key = null;
    this.view = Math.random().toString(36).slice(2);
  }

  tell(content) {
    if (this.isLate) this.#rest(); // the answer may have been lost: go on all the same
    const { kind, lever } = content;
    const key = kind === "move" ? `move ${lever}` : kind === "rest" ? kind : Symbol(kind);
    this.waiting.delete(key);
    this.waiting.set(key, content);
    this.#next();
  }

  heard(number) {
    if (number === this.asked) this.#rest();
    this.#next();
  }

  /** Whether the kernel has yet to answer the last move of a lever. */
  isMoving(lever) {
    const key = `move ${lever}`;
    return this.key === key || this.waiting.has(key);
  }

  #next() {
    if (this.asked !== null || !this.waiting.size) return;
    const [[key, content]] = this.waiting;
    this.waiting.delete(key);
    this.key = key;
    this.asked = `${this.view} ${++this.number}`;
    this.timer = setTimeout(() => {
      this.isLate = true;
      this.late();
    }, PATIENCE);
    this.model.send({ ...content, number: this.asked });
  }

  #rest() {
    clearTimeout(this.timer);
    this.asked = this.key = null;
    this.isLate = false;
  }

  remove() {
    clearTimeout(this.timer);
    this.waiting.clear();
  }
}
