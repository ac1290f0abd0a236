// A live chart alone.

export default {
  initialize({ model }) {
    keepCurrent(model);
  },

  render({ model, el }) {
    const said = document.createElement("div");
    said.className = "fk-live-said";
    said.setAttribute("role", "status");
    const place = document.createElement("div");
    place.className = "fk-live";
    el.append(said, place);
    const failed = (error) => (said.textContent = `${model.get("_texts").failed} ${error.message}`);
    const canvas = new Canvas(model, place, failed);
    model.on("msg:custom", ({ rows }) => rows && canvas.swap(rows));
    model.on("change:spec", () => canvas.draw());
    whenKernelGoes(model, () => (said.textContent = model.get("_texts").gone));
    canvas.draw();
    return () => canvas.remove();
  },
};
