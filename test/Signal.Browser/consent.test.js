import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./browser.js";
import { idle, openWorld, pass } from "./world.js";

const world = openWorld();

/** What the visitor's browser keeps of us. */
const traces = async (page) => {
  const stored = await page.evaluate(() => [...Object.keys({ ...localStorage }), ...Object.keys({ ...sessionStorage })]);
  const cookies = (await world.visitor.cookies()).map(({ name }) => name);
  return [...stored, ...cookies].filter((name) => name.startsWith("_df"));
};

/** Waits until the server has answered to a withdrawal. */
const hasBeenTold = (page) => page.waitForFunction(() => !Object.values({ ...localStorage }).some((record) => JSON.parse(record).w));

test("OptIn_UntilTheGrant_LeavesNoTrace", async () => {
  const source = await world.source({ consent: "opt_in" });
  const page = await world.openWithClock(world.put("/opt-in", source));
  await page.evaluate(() => datafly.track("Waiting"));
  await pass(page, source, 60_000);
  assert.deepEqual(source.requests(), []);
  assert.deepEqual(await traces(page), []);
  await page.evaluate(() => datafly.consent({ analytics: true }));
  await source.settled(2);
  assert.deepEqual(source.names(), ["page", "Waiting"]);
  assert.deepEqual(source.events()[0].context.consent, { analytics: true });
  assert.ok((await traces(page)).includes("_dfid"));
});

test("OptIn_WhatHappenedWhileRefused_IsNotSentAfterAGrantEither", async () => {
  const source = await world.source({ consent: "opt_in" });
  const page = await world.openWithClock(world.put("/refused-then-granted", source));
  await page.evaluate(() => (datafly.consent({ analytics: false }), datafly.track("While refused")));
  await pass(page, source);
  await page.evaluate(() => (datafly.consent({ analytics: true }), datafly.track("After the grant")));
  await source.settled(1);
  await pass(page, source);
  assert.deepEqual(source.names(), ["After the grant"]);
});

test("Withdrawal_AfterAGrant_IsToldAndRemovesEveryTrace", async () => {
  const source = await world.source({ consent: "opt_in" });
  const page = await world.openWithClock(world.put("/withdrawal", source));
  await page.evaluate(() => datafly.consent({ analytics: true }));
  await source.settled(1);
  await page.evaluate(() => (datafly.track("Never sent"), datafly.consent({ analytics: false }), datafly.track("Refused")));
  await page.waitForFunction(() => !Object.keys(localStorage).length);
  await pass(page, source);
  assert.deepEqual(source.requests().map(({ path, body }) => [path, body.forget ?? body.batch[0].type]), [["/v1/b", "page"], ["/v1/b", "identify"], ["/v1/reset", true]]);
  assert.deepEqual(source.requests()[1].body.batch[0].context.consent, { analytics: false });
  assert.deepEqual(await traces(page), []);
});

for (const consent of ["opt_in", "opt_out"])
  test(`Withdrawal_${consent}_OfflineInAClosingTab_IsToldByTheNextPageBeforeAnythingElse`, async () => {
    const source = await world.source({ consent });
    const url = world.put(`/withdrawal-offline-${consent}`, source);
    const page = await world.open(url);
    await page.evaluate(() => datafly.consent({ analytics: true }));
    await until(() => source.names().includes("page"), "the page view");
    await idle(page, source);
    const sent = source.requests().length;
    await world.visitor.setOffline(true);
    await page.evaluate(() => (datafly.track("Never sent"), datafly.consent({ analytics: false })));
    const kept = await page.evaluate(() => Object.values({ ...localStorage }).map((record) => JSON.parse(record)));
    assert.deepEqual(kept.map(({ a, ...rest }) => rest), [{ c: { analytics: false }, w: true }], "no more than is needed to tell it");
    await page.close();
    await world.visitor.setOffline(false);
    const next = await world.open(url);
    await until(() => source.requests().at(-1).path === "/v1/reset" && source.requests().at(-1).status, "the withdrawal to be told");
    await hasBeenTold(next);
    const told = source.requests().slice(sent).map(({ path, body }) => [path, body.forget ?? body.batch.map(({ type, context }) => [type, context.consent])]);
    const withdrawal = [["/v1/b", [["identify", { analytics: false }]]], ["/v1/reset", true]];
    assert.deepEqual(told.slice(-2), withdrawal);
    // The closing tab's last beacon may still have got through when the network came back: the same word, told twice.
    for (const early of told.slice(0, -2)) assert.ok(withdrawal.some((each) => JSON.stringify(each) === JSON.stringify(early)), JSON.stringify(early));
    assert.deepEqual((await traces(next)).filter((name) => name === "_dfid"), []);
  });

test("OptOut_Refusal_HoldsOnLaterPages", async () => {
  const source = await world.source();
  const url = world.put("/opt-out", source);
  const page = await world.openWithClock(url);
  await source.settled(1);
  await page.evaluate(() => datafly.consent({ analytics: false }));
  // A page that opens before the server has answered tells the withdrawal again.
  await hasBeenTold(page);
  const next = await world.open(url);
  await pass(next, source);
  assert.deepEqual(source.names(), ["page", "identify"]);
  assert.deepEqual((await traces(next)).filter((name) => name === "_dfid"), []);
});

test("Cookieless_Source_StoresNothingAndCountsOneVisitorADay", async () => {
  const source = await world.source({ cookieless: true });
  const url = world.put("/cookieless", source);
  const page = await world.open(url);
  await source.settled(1);
  await page.evaluate(() => datafly.track("Leaving"));
  await page.close({ runBeforeUnload: true });
  await source.settled(2);
  const next = await world.open(url);
  await source.delivered(3);
  assert.deepEqual(await traces(next), []);
  assert.deepEqual(await world.visitor.cookies(), []);
  assert.equal(new Set(source.events().map((event) => event.anonymousId)).size, 2, "the page itself knows nobody");
  if (source.deliveries) assert.equal(new Set((await source.deliveries()).map((row) => row.anonymous_id)).size, 1, "the server does, for a day");
});

test("UndecidedTab_NoticesWhatTheVisitorDecidesInAnother", async () => {
  const source = await world.source({ consent: "opt_in" });
  const url = world.put("/two-tabs", source);
  const [here, there] = [await world.open(url), await world.open(url)];
  await here.evaluate(() => {
    window.told = [];
    datafly.on("consent", (state) => told.push(state.analytics));
    datafly.track("Waiting");
  });
  await there.evaluate(() => datafly.consent({ analytics: true }));
  await source.settled(3);
  assert.deepEqual(source.names().sort(), ["Waiting", "page", "page"]);
  await idle(here, source);
  await there.evaluate(() => datafly.consent({ analytics: false }));
  await until(() => source.requests().at(-1).path === "/v1/reset" && source.requests().at(-1).status, "the withdrawal");
  await there.waitForFunction(() => !Object.keys(localStorage).length);
  await here.evaluate(() => (datafly.track("While refused"), datafly.flush()));
  await there.evaluate(() => (datafly.consent({ analytics: true }), datafly.track("After")));
  await until(() => source.names().includes("After"), "the event after the new grant");
  await here.evaluate(() => (datafly.track("After, here"), datafly.flush()));
  await until(() => source.names().includes("After, here"), "the other tab to follow");
  assert.ok(!source.names().includes("While refused"));
  assert.deepEqual(await here.evaluate(() => told), [true, false, true], "each decision is told in the other tab too");
});

test("Withdrawal_InTwoTabsAtOnce_IsToldAndLeavesNoTrace", async () => {
  const source = await world.source({ consent: "opt_in" });
  const url = world.put("/two-withdrawals", source);
  const tabs = [await world.open(url), await world.open(url)];
  await tabs[0].evaluate(() => datafly.consent({ analytics: true }));
  await source.settled(2);
  for (const tab of tabs) await idle(tab, source);
  await Promise.all(tabs.map((tab) => tab.evaluate(() => (datafly.track("Never sent"), datafly.consent({ analytics: false })))));
  await until(() => source.requests().at(-1).path === "/v1/reset" && source.requests().at(-1).status, "the withdrawal to be told");
  for (const tab of tabs) await tab.waitForFunction(() => !Object.keys(localStorage).length);
  assert.deepEqual([...new Set(source.names())], ["page", "identify"]);
  assert.deepEqual(await traces(tabs[0]), []);
});

/*
 * Consent tools as a page has them: `stub` is in the page's head, `load` is what the tool's own script does when it
 * arrives half a second later, `decide` is the visitor's click. A tool keeps the answer in a cookie of its own (`kept`);
 * when that has expired it asks again, and some then still hold the old answer (`old`).
 */
const memory = `const kept=/(?:^|; )cmp=(yes|no)/.exec(document.cookie)?.[1];const old=document.cookie.includes("cmp=old");
  const keep=(yes)=>document.cookie="cmp="+(yes?"yes":"no")+"; path=/";`;
const tools = {
  tcf: {
    stub: "const calls=[];window.__tcfapi=(...call)=>calls.push(call);window.replay=()=>calls.splice(0)",
    load: `const listeners=[];const some={1:true,2:true,7:true,8:true};let given=kept==="yes"||old?some:{};let status=kept?"tcloaded":"cmpuishown";
      const answer=(id)=>({eventStatus:status,gdprApplies:true,tcString:"CP",listenerId:id,purpose:{consents:given,legitimateInterests:{}}});
      window.__tcfapi=(command,version,callback)=>{if(command==="addEventListener"){listeners.push(callback);callback(answer(listeners.length-1),true)}};
      replay().forEach((call)=>__tcfapi(...call));
      window.decide=(yes)=>{keep(yes);given=yes?some:{};status="useractioncomplete";listeners.forEach((listener,id)=>listener(answer(id),true))}`,
  },
  gcm: {
    stub: "window.dataLayer=[];function gtag(){dataLayer.push(arguments)};window.gtag=gtag;gtag('consent','default',{analytics_storage:'denied',ad_storage:'denied',wait_for_update:500})",
    load: "const update=(yes)=>gtag('consent','update',{analytics_storage:yes?'granted':'denied',ad_storage:'denied'});if(kept)update(kept==='yes');window.decide=(yes)=>{keep(yes);update(yes)}",
  },
  onetrust: {
    stub: "",
    load: `let closed=!!kept;const groups=(yes)=>window.OnetrustActiveGroups=yes?",C0001,C0002,":",C0001,";groups(kept==="yes");window.OneTrust={IsAlertBoxClosed:()=>closed};
      window.decide=(yes)=>{keep(yes);closed=true;groups(yes);dispatchEvent(new CustomEvent("OneTrustGroupsUpdated",{detail:OnetrustActiveGroups.split(",")}))}`,
  },
  cookiebot: {
    stub: "",
    load: `const consent=(yes)=>({necessary:true,preferences:yes,statistics:yes,marketing:false});window.Cookiebot={hasResponse:!!kept,consent:consent(kept==="yes")};
      if(kept)dispatchEvent(new Event(kept==="yes"?"CookiebotOnAccept":"CookiebotOnDecline"));
      window.decide=(yes)=>{keep(yes);Cookiebot.hasResponse=true;Cookiebot.consent=consent(yes);dispatchEvent(new Event(yes?"CookiebotOnAccept":"CookiebotOnDecline"))}`,
  },
  didomi: {
    stub: "window.didomiOnReady=window.didomiOnReady||[]",
    load: `let open=!kept,yes=kept==="yes"||old,listener=()=>0;
      window.Didomi={getCurrentUserStatus:()=>({purposes:{cookies:{id:"cookies",enabled:yes},measure_content_performance:{enabled:yes}}}),shouldUserStatusBeCollected:()=>open,on:(name,call)=>listener=call};
      const queued=window.didomiOnReady;window.didomiOnReady={push:(call)=>call(Didomi)};queued.forEach((call)=>call(Didomi));
      window.decide=(given)=>{keep(given);open=false;yes=given;listener()}`,
  },
  osano: {
    stub: "",
    load: `const listeners={};const decision=(yes)=>({ESSENTIAL:"ACCEPT",ANALYTICS:yes?"ACCEPT":"DENY",MARKETING:"DENY",PERSONALIZATION:"DENY"});
      window.Osano={cm:{getConsent:()=>decision(kept==="yes"),addEventListener:(name,call)=>(listeners[name]??=[]).push(call)}};
      window.decide=(yes)=>{keep(yes);document.cookie="osano_consentmanager=x; path=/";listeners["osano-cm-consent-saved"].forEach((call)=>call(decision(yes)))}`,
  },
  klaro: {
    stub: "",
    load: `const watchers=[];const manager={confirmed:!!kept,consents:{matomo:kept==="yes"},config:{services:[{name:"matomo",purposes:["analytics"]}]},watch:(watcher)=>watchers.push(watcher)};
      window.klaro={getManager:()=>manager};
      window.decide=(yes)=>{keep(yes);manager.consents.matomo=yes;watchers.forEach((watcher)=>watcher.update(manager,"consents",manager.consents));manager.confirmed=true;watchers.forEach((watcher)=>watcher.update(manager,"saveConsents",{}))}`,
  },
  usercentrics: {
    stub: "",
    load: `const details=(yes,type)=>({consent:{status:"SOME_DENIED",type},categories:{essential:{state:"ALL_ACCEPTED"},functional:{state:yes?"ALL_ACCEPTED":"ALL_DENIED"}},services:{}});
      let now=details(kept==="yes",kept?"EXPLICIT":"IMPLICIT");
      window.__ucCmp={getConsentDetails:async()=>now};dispatchEvent(new CustomEvent("UC_UI_INITIALIZED"));
      window.decide=(yes)=>{keep(yes);now=details(yes,"EXPLICIT");dispatchEvent(new CustomEvent("UC_UI_CMP_EVENT",{detail:{type:yes?"ACCEPT_ALL":"DENY_ALL"}}))}`,
  },
  cookie: {
    stub: "",
    load: "window.decide=(yes)=>document.cookie='choice='+encodeURIComponent(JSON.stringify({analytics:yes}))+'; path=/'",
    settings: { cookie: "choice" },
  },
};

for (const [reader, { stub, load, settings }] of Object.entries(tools)) {
  const put = (source, mode) => world.put(`/cmp-${reader}-${mode}`, source, { head: `<script>${stub}</script><script>setTimeout(()=>{${memory}${load};window.isLoaded=true},500)</script>` });
  const open = async (source, mode) => {
    const page = await world.openWithClock(put(source, mode));
    await page.clock.runFor(1_000);
    await page.waitForFunction(() => window.isLoaded);
    return page;
  };
  const decide = async (page, source, isGranted) => {
    await page.evaluate((yes) => window.decide(yes), isGranted);
    await pass(page, source, 3_000);
  };

  test(`Reader_${reader}_OptIn_LetsEventsFlowFromTheGrantToTheWithdrawal`, async () => {
    const source = await world.source({ consent: "opt_in", reader, ...settings });
    const page = await open(source, "opt-in");
    await pass(page, source);
    assert.deepEqual(source.requests(), [], "nothing is sent before the decision");
    assert.deepEqual(await traces(page), [], "nor stored");
    await decide(page, source, true);
    await source.settled(1);
    assert.equal(source.events()[0].context.consent.analytics, true);
    await decide(page, source, false);
    await source.settled(2);
    await page.waitForFunction(() => !Object.keys(localStorage).length);
    await page.evaluate(() => datafly.track("Refused"));
    await pass(page, source);
    assert.deepEqual(source.names(), ["page", "identify"]);
    assert.deepEqual(await traces(page), []);
  });

  test(`Reader_${reader}_OptIn_ReturnVisits_GoByWhatTheToolSaysThen`, async () => {
    const source = await world.source({ consent: "opt_in", reader, ...settings });
    const visit = async (url) => {
      const page = await world.open(url);
      await page.clock.runFor(1_000);
      await page.waitForFunction(() => window.isLoaded);
      return page;
    };
    const url = put(source, "return");
    const first = await open(source, "return");
    await decide(first, source, true);
    await source.settled(1);
    await first.close();

    const second = await visit(url);
    await pass(second, source, 3_000);
    await source.settled(2);
    assert.equal(source.events()[1].anonymousId, source.events()[0].anonymousId, "the tool still holds the grant: the same visitor");
    await idle(second, source);
    await second.close();

    for (const name of ["cmp", "choice", "osano_consentmanager"]) await world.visitor.clearCookies({ name });
    await world.visitor.addCookies([{ name: "cmp", value: "old", url: world.site.origin }]);
    const third = await visit(url);
    const kept = await third.evaluate(() => JSON.stringify(localStorage));
    await third.evaluate(() => datafly.track("Waiting"));
    await pass(third, source, 60_000);
    assert.equal(source.names().length, 2, "while the tool asks again nothing is sent");
    assert.equal(await third.evaluate(() => JSON.stringify(localStorage)), kept, "nor stored");
    await decide(third, source, true);
    await source.settled(4);
    assert.deepEqual(source.names(), ["page", "page", "page", "Waiting"]);
    await decide(third, source, false);
    await until(() => source.requests().at(-1).path === "/v1/reset", "the withdrawal");
    await third.waitForFunction(() => !Object.keys(localStorage).length);
  });

  test(`Reader_${reader}_OptIn_ARefusalIsFinal`, async () => {
    const source = await world.source({ consent: "opt_in", reader, ...settings });
    const page = await open(source, "opt-in");
    await decide(page, source, false);
    await page.evaluate(() => datafly.track("Refused"));
    await pass(page, source);
    assert.deepEqual(source.requests(), []);
    assert.deepEqual(await traces(page), []);
  });

  test(`Reader_${reader}_OptOut_EventsFlowUntilTheRefusal`, async () => {
    const source = await world.source({ reader, ...settings });
    const page = await open(source, "opt-out");
    await source.settled(1);
    await decide(page, source, false);
    await page.evaluate(() => datafly.track("Refused"));
    await pass(page, source);
    assert.deepEqual(source.names().filter((name) => name !== "identify"), ["page"]);
    assert.equal(source.events().at(-1).context.consent.analytics, false, "the refusal is told");
    assert.deepEqual((await traces(page)).filter((name) => name === "_dfid" || name.includes("!")), []);
  });
}

const early = {
  klaro: `window.klaro={getManager:()=>({confirmed:false,consents:{matomo:true},config:{services:[{name:"matomo",purposes:["analytics"],default:true}]},watch:()=>0})}`,
  gcm: `window.dataLayer=[];function gtag(){dataLayer.push(arguments)}gtag("consent","default",{analytics_storage:"denied",region:["ES"]});gtag("consent","default",{analytics_storage:"granted"})`,
};

for (const [reader, head] of Object.entries(early)) {
  test(`Reader_${reader}_OptIn_ADefaultIsNoGrant`, async () => {
    const source = await world.source({ consent: "opt_in", reader });
    const page = await world.openWithClock(world.put(`/default-${reader}`, source, { head: `<script>${head}</script>` }));
    await pass(page, source);
    assert.deepEqual(source.requests(), [], "nothing is sent");
    assert.deepEqual(await traces(page), [], "nor stored");
  });
}
