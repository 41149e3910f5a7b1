import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { openWorld, ready } from "./world.js";

const world = openWorld();
let visitor;
const open = async (url) => {
  visitor ??= await world.visitor();
  const page = await visitor.newPage();
  await page.goto(url);
  await ready(page);
  return page;
};
afterEach(async () => {
  assert.deepEqual(visitor?.problems ?? [], [], "nothing throws into the page");
  await visitor?.close();
  visitor = undefined;
});

const traces = async (page) => [...Object.keys(await page.evaluate(() => ({ ...localStorage }))), ...(await visitor.cookies()).filter((cookie) => cookie.name.startsWith("_df")).map((cookie) => cookie.name)];

test("OptIn_UntilTheGrant_LeavesNoTrace", async () => {
  const source = await world.source({ consent: "opt_in" });
  const page = await open(world.put("/opt-in", source));
  await page.evaluate(() => datafly.track("Waiting"));
  await page.waitForTimeout(1_500);
  assert.deepEqual(source.requests(), []);
  assert.deepEqual(await traces(page), []);
  await page.evaluate(() => datafly.consent({ analytics: true }));
  await source.settled(2);
  assert.deepEqual(source.names(), ["page", "Waiting"]);
  assert.deepEqual(source.events()[0].context.consent, { analytics: true });
  assert.ok((await traces(page)).includes("_dfid"));
});

test("Withdrawal_AfterAGrant_IsToldAndRemovesEveryTrace", async () => {
  const source = await world.source({ consent: "opt_in" });
  const page = await open(world.put("/withdrawal", source));
  await page.evaluate(() => datafly.consent({ analytics: true }));
  await source.settled(1);
  await page.evaluate(() => (datafly.track("Never sent"), datafly.consent({ analytics: false }), datafly.track("Refused")));
  await page.waitForFunction(() => !Object.keys(localStorage).length);
  await page.waitForTimeout(1_500);
  assert.deepEqual(source.requests().map(({ path, body }) => [path, body.forget ?? body.batch[0].type]), [["/v1/b", "page"], ["/v1/b", "identify"], ["/v1/reset", true]]);
  assert.deepEqual(source.requests()[1].body.batch[0].context.consent, { analytics: false });
  assert.deepEqual(await traces(page), []);
});

test("OptOut_Refusal_HoldsOnLaterPages", async () => {
  const source = await world.source();
  const url = world.put("/opt-out", source);
  const page = await open(url);
  await source.settled(1);
  await page.evaluate(() => datafly.consent({ analytics: false }));
  await source.settled(2);
  await open(url);
  await page.waitForTimeout(1_500);
  assert.deepEqual(source.names(), ["page", "identify"]);
  assert.deepEqual((await visitor.cookies()).filter((cookie) => cookie.name === "_dfid"), []);
});

test("Cookieless_Source_SetsNeitherCookieNorStorage", async () => {
  const source = await world.source({ cookieless: true });
  const page = await open(world.put("/cookieless", source));
  await source.settled(1);
  assert.deepEqual(await traces(page), []);
  await page.evaluate(() => datafly.track("Leaving"));
  await page.close({ runBeforeUnload: true });
  await source.settled(2);
  assert.deepEqual(await visitor.cookies(), []);
});

/*
 * Consent tools as a page has them: `stub` is in the page's head, `load` is what the tool's own script does when it
 * arrives half a second later, `accept` is the visitor's click.
 */
const tools = {
  tcf: {
    stub: "const calls=[];window.__tcfapi=(...call)=>calls.push(call);window.replay=()=>calls.splice(0)",
    load: `const listeners=[];let given={};
      const tell=(eventStatus)=>listeners.forEach((listener,id)=>listener({eventStatus,gdprApplies:true,tcString:"CP",listenerId:id,purpose:{consents:given,legitimateInterests:{}}},true));
      window.__tcfapi=(command,version,callback)=>{if(command==="addEventListener"){listeners.push(callback);callback({eventStatus:"cmpuishown",gdprApplies:true,purpose:{consents:{}}},true)}};
      replay().forEach((call)=>__tcfapi(...call));
      window.decide=(yes)=>{given=yes?{1:true,2:true,7:true,8:true}:{};tell("useractioncomplete")}`,
  },
  gcm: {
    stub: "window.dataLayer=[];function gtag(){dataLayer.push(arguments)};window.gtag=gtag;gtag('consent','default',{analytics_storage:'denied',ad_storage:'denied',wait_for_update:500})",
    load: "window.decide=(yes)=>gtag('consent','update',{analytics_storage:yes?'granted':'denied',ad_storage:'denied'})",
  },
  onetrust: {
    stub: "",
    load: `let closed=false;window.OnetrustActiveGroups=",C0001,";window.OneTrust={IsAlertBoxClosed:()=>closed};
      window.decide=(yes)=>{closed=true;window.OnetrustActiveGroups=yes?",C0001,C0002,":",C0001,";dispatchEvent(new CustomEvent("OneTrustGroupsUpdated",{detail:OnetrustActiveGroups.split(",")}))}`,
  },
  cookiebot: {
    stub: "",
    load: `window.Cookiebot={hasResponse:false,consent:{necessary:true,preferences:false,statistics:false,marketing:false}};
      window.decide=(yes)=>{Cookiebot.hasResponse=true;Cookiebot.consent={necessary:true,preferences:yes,statistics:yes,marketing:false};dispatchEvent(new Event(yes?"CookiebotOnAccept":"CookiebotOnDecline"))}`,
  },
  didomi: {
    stub: "window.didomiOnReady=window.didomiOnReady||[]",
    load: `let open=true,yes=false,listener=()=>0;
      window.Didomi={getCurrentUserStatus:()=>({purposes:{cookies:{id:"cookies",enabled:yes},measure_content_performance:{enabled:yes}}}),shouldUserStatusBeCollected:()=>open,on:(name,call)=>listener=call};
      const queued=window.didomiOnReady;window.didomiOnReady={push:(call)=>call(Didomi)};queued.forEach((call)=>call(Didomi));
      window.decide=(given)=>{open=false;yes=given;listener()}`,
  },
  osano: {
    stub: "",
    load: `const listeners={};window.Osano={cm:{getConsent:()=>({ESSENTIAL:"ACCEPT",ANALYTICS:"DENY",MARKETING:"DENY",PERSONALIZATION:"DENY"}),addEventListener:(name,call)=>(listeners[name]??=[]).push(call)}};
      window.decide=(yes)=>listeners["osano-cm-consent-saved"].forEach((call)=>call({ESSENTIAL:"ACCEPT",ANALYTICS:yes?"ACCEPT":"DENY",MARKETING:"DENY",PERSONALIZATION:"DENY"}))`,
  },
  klaro: {
    stub: "",
    load: `const watchers=[];const manager={confirmed:false,consents:{matomo:false},config:{services:[{name:"matomo",purposes:["analytics"]}]},watch:(watcher)=>watchers.push(watcher)};
      window.klaro={getManager:()=>manager};
      window.decide=(yes)=>{manager.consents.matomo=yes;watchers.forEach((watcher)=>watcher.update(manager,"consents",manager.consents));manager.confirmed=true;watchers.forEach((watcher)=>watcher.update(manager,"saveConsents",{}))}`,
  },
  usercentrics: {
    stub: "",
    load: `let details={consent:{status:"SOME_DENIED",type:"IMPLICIT"},categories:{essential:{state:"ALL_ACCEPTED"},functional:{state:"ALL_DENIED"}},services:{}};
      window.__ucCmp={getConsentDetails:async()=>details};dispatchEvent(new CustomEvent("UC_UI_INITIALIZED"));
      window.decide=(yes)=>{details={...details,consent:{type:"EXPLICIT"},categories:{essential:{state:"ALL_ACCEPTED"},functional:{state:yes?"ALL_ACCEPTED":"ALL_DENIED"}}};dispatchEvent(new CustomEvent("UC_UI_CMP_EVENT",{detail:{type:yes?"ACCEPT_ALL":"DENY_ALL"}}))}`,
  },
  cookie: {
    stub: "",
    load: "window.decide=(yes)=>document.cookie='choice='+encodeURIComponent(JSON.stringify({analytics:yes}))+'; path=/'",
    settings: { cookie: "choice" },
  },
};

for (const [reader, { stub, load, settings }] of Object.entries(tools)) {
  const page = (source) => world.put(`/cmp-${reader}`, source, { head: `<script>${stub}</script><script>setTimeout(()=>{${load};window.isLoaded=true},500)</script>` });

  test(`Reader_${reader}_LetsEventsFlowFromTheGrantToTheWithdrawal`, async () => {
    const source = await world.source({ consent: "opt_in", reader, ...settings });
    const tab = await open(page(source));
    await tab.waitForFunction(() => window.isLoaded);
    await tab.waitForTimeout(1_200);
    assert.deepEqual(source.requests(), [], "nothing before the decision");
    await tab.evaluate(() => window.decide(true));
    await source.settled(1);
    assert.equal(source.events()[0].context.consent.analytics, true);
    await tab.evaluate(() => window.decide(false));
    await source.settled(2);
    await tab.waitForFunction(() => !Object.keys(localStorage).length);
    await tab.evaluate(() => datafly.track("Refused"));
    await tab.waitForTimeout(1_200);
    assert.deepEqual(source.names(), ["page", "identify"]);
    assert.deepEqual((await visitor.cookies()).filter((cookie) => cookie.name === "_dfid"), []);
  });

  test(`Reader_${reader}_RefusalIsFinal`, async () => {
    const source = await world.source({ consent: "opt_in", reader, ...settings });
    const tab = await open(page(source));
    await tab.waitForFunction(() => window.isLoaded);
    await tab.waitForTimeout(1_200);
    await tab.evaluate(() => window.decide(false));
    await tab.evaluate(() => datafly.track("Refused"));
    await tab.waitForTimeout(2_500);
    assert.deepEqual(source.requests(), []);
  });
}
