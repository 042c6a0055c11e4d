"use strict";
// Nothing is sent anywhere: the corrections are saved as a file on this machine.
const data = JSON.parse(document.getElementById("review").textContent);
const areas = [...document.querySelectorAll("textarea")];
let changed = false;
for (const area of areas) area.addEventListener("input", () => { changed = true; });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
document.getElementById("only").addEventListener("change", (event) => {
  document.body.classList.toggle("only", event.target.checked);
});
document.getElementById("save").addEventListener("click", () => {
  areas.forEach((area, index) => { data.rows[index].correction = area.value; });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" }));
  link.download = data.document.replace(/[\\/]/g, "_") + ".corrections.json";
  link.click();
  changed = false;
});
