// The embedded view: takes over what the server has drawn inside #app.

import { render } from "preact";

import { access } from "./api.ts";
import { language } from "./words.ts";

const app = document.getElementById("app");
if (app) {
  const answer = await access(new URLSearchParams());
  app.replaceChildren();
  render(<h1 id="headline">{answer.sentences[language][0]}</h1>, app);
}
