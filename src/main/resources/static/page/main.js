// SPDX-License-Identifier: Apache-2.0
import { Address, addressParameters, viewName } from "./address.js";
import { Problem } from "./api.js";
import { Claim } from "./claim.js";
import { byId } from "./dom.js";
import { Downloads } from "./downloads.js";
import { Findings } from "./findings.js";
import { Images } from "./images.js";
import { Keys } from "./keys.js";
import { Opener } from "./opener.js";
import { PolicyForm } from "./policy.js";
import { Report } from "./report.js";
import { Request } from "./request.js";
import { Session } from "./session.js";
import { SeveralModels } from "./several.js";
import { BoxTable } from "./table.js";
import { Viewer } from "./viewer.js";

const session = new Session();
new Opener(session);
new Address(session);
new Images(session);
new Claim(session);
new Viewer(session);
new Keys();
new Findings(session);
new SeveralModels(session);
new PolicyForm(session);
new BoxTable(session);
new Report(session);
new Request(session);
new Downloads(session);

/** Views that few look at are fetched when they are. @type {Record<string, (signal: AbortSignal) => Promise<void>>} */
const views = {
  localize: async () => {},
  evaluations: async (signal) => {
    const { Evaluations } = await import("./evaluations.js");
    evaluations ??= new Evaluations();
    await evaluations.watch(signal);
  },
  models: async () => {
    const { Models } = await import("./models.js");
    await new Models().load();
  },
  api: async () => {
    const { Reference } = await import("./reference.js");
    await new Reference().show();
  },
};
/** @type {import("./evaluations.js").Evaluations | undefined} */
let evaluations;
let shown = new AbortController();

function showView() {
  const wanted = viewName();
  const name = wanted in views ? wanted : "localize";
  shown.abort();
  shown = new AbortController();
  for (const view of Object.keys(views)) {
    byId(view, HTMLElement).hidden = view !== name;
    const link = document.querySelector(`nav a[href="#${view}"]`);
    if (view === name) link?.setAttribute("aria-current", "page");
    else link?.removeAttribute("aria-current");
  }
  void views[name](shown.signal);
}

addEventListener("hashchange", showView);
showView();
session.loadModel(addressParameters().get("model")).catch((failure) => {
  session.problem = failure instanceof Problem ? failure : new Problem({ title: String(failure) });
  session.dispatchEvent(new Event("failed"));
});
