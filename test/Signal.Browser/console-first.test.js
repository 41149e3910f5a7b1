import assert from "node:assert/strict";
import { test } from "node:test";
import { live, narrow, openConsole, settled, unfit, violations, wide } from "./console.js";

const desk = openConsole({ empty: true });
const ada = { email: "ada@example.com", password: "correct horse battery" };

test("SetUpLink_Printed_MakesTheFirstAdministratorOnce", async () => {
  const link = /http\S+\/setup\?token=\S+/.exec(desk.signal.output())[0];
  const page = await desk.stranger();
  await page.goto("/");
  await page.getByText("Open the set-up link that Signal printed when it started.").waitFor();
  await page.goto(link);
  assert.deepEqual(await violations(page, "set-up"), []);
  await desk.picture(page, "set-up");
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("E-mail").fill(ada.email);
  await page.getByLabel("Password").fill(ada.password);
  await page.getByRole("button", { name: "Create and sign in" }).click();
  await live(page);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  assert.equal(await page.locator(".who").textContent(), ada.email);

  await page.goto(link);
  await page.getByText("This Signal is set up already.").waitFor();
});

test("SignIn_WrongThenRight_ComesBackToThePageAskedFor_AndSignOutEndsIt", async () => {
  const page = await desk.stranger();
  await page.goto("/sources?add=true");
  await page.waitForURL(/\/sign-in\?return=/);
  desk.expects = /401/;
  await page.getByLabel("E-mail").fill(ada.email);
  await page.getByLabel("Password").fill("something else");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("E-mail address or password is wrong.").waitFor();
  await desk.signIn(page, ada.email, ada.password);
  await page.waitForURL(/\/sources\?add=true/);
  desk.expects = undefined;

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  await page.goto("/sources");
  await page.waitForURL(/\/sign-in\?return=/);
});

test("EmptyInstallation_EveryPage_SaysWhatToDoNext", async () => {
  const says = {
    "/": "Nothing is set up yet.",
    "/sources": "No source yet",
    "/integrations": "No integration yet",
    "/integrations/new": "No source yet|A source comes first|Matomo Analytics",
    "/events": "Nothing yet since Signal started",
    "/users": "ada@example.com",
    "/tokens": "No token yet",
    "/audit": "user.created",
    "/privacy": "Find, export or erase",
    "/health": "State store",
  };
  const wrong = [];
  for (const viewport of [wide, narrow]) {
    const page = await desk.stranger({ viewport, colorScheme: "light" });
    await page.goto("/sign-in");
    await desk.signIn(page, ada.email, ada.password);
    for (const [path, text] of Object.entries(says)) {
      await desk.go(page, path);
      await settled(page);
      await page.locator("main").getByText(new RegExp(text)).first().waitFor();
      wrong.push(...(await unfit(page, path)), ...(viewport === wide ? await violations(page, path) : []));
      await desk.picture(page, `empty${path.replaceAll("/", "-")}-${viewport.width}`);
    }
  }
  assert.deepEqual(wrong, []);
});
