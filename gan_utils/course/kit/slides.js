// Shrink what is too tall or too wide for its slide, by steps, down to half its size.
function fit(section) {
  const body = section && section.querySelector(".body");
  if (!body || body.dataset.fitted || !body.clientHeight) return;
  const tooBig = () => body.scrollHeight > body.clientHeight + 1
    || [...body.querySelectorAll("div, p, pre, table")].some(
      (part) => part.scrollWidth > Math.min(part.clientWidth || 9999, body.clientWidth) + 1);
  const parts = [body, ...body.querySelectorAll(".code")];
  const sizes = parts.map((part) => parseFloat(getComputedStyle(part).fontSize));
  for (let share = 1; tooBig() && share > 0.5; share -= 0.04) {
    parts.forEach((part, i) => { part.style.fontSize = sizes[i] * share + "px"; });
  }
  body.dataset.fitted = "yes";
}

Reveal.on("ready", (event) => fit(event.currentSlide));
Reveal.on("slidechanged", (event) => fit(event.currentSlide));
Reveal.on("pdf-ready", () => Reveal.getSlides().forEach(fit));
Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  display: "flex",
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  pdfSeparateFragments: false,
  plugins: [RevealNotes],
});
