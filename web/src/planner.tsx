// The planner's page: takes over what the server has drawn inside #app once there are data to show.

import { render } from "preact";

import { PlannerPage } from "./PlannerPage.tsx";
import { takeFirstPicture } from "./first-picture.ts";
import { onChange, planner, start } from "./store.ts";
import { language, word, wordOfCode } from "./words.ts";

function takeOver(app: HTMLElement): void {
  const { answer, problem } = planner();
  if (answer) {
    takeFirstPicture(app);
    app.replaceChildren();
    render(<PlannerPage />, app);
  } else if (problem) {
    // What the server has drawn stays, with the reason below it.
    const message = document.createElement("p");
    message.className = "problem";
    message.setAttribute("role", "alert");
    message.textContent = problem;
    app.prepend(message);
  }
  app.setAttribute("aria-busy", "false");
}

function nameThePage(): void {
  const { answer } = planner();
  if (!answer) return;
  document.title = `${answer.notice ? "CONTOH – " : ""}${wordOfCode("service", answer.rule.service)} – Jangkau`;
  for (const link of document.querySelectorAll("a[hreflang]")) {
    if (link.getAttribute("hreflang") === language) link.setAttribute("aria-current", "true");
  }
  // Samples are marked, whoever made the page.
  if (answer.notice && !document.querySelector(".notice")) {
    const notice = document.createElement("aside");
    notice.className = "notice";
    notice.setAttribute("aria-label", word("doubt.sample"));
    notice.textContent = answer.notice;
    document.body.prepend(notice);
  }
}

const app = document.getElementById("app");
if (app) {
  document.documentElement.lang = language;
  onChange(nameThePage);
  const started = start();
  // As soon as the answer is there; a card may still be loading.
  const stop = onChange(() => {
    if (!planner().answer) return;
    stop();
    takeOver(app);
  });
  await started;
  if (!planner().answer) {
    stop();
    takeOver(app);
  }
}
