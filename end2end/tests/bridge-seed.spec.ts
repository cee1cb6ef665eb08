// A page that was written for the product whose interface Meetframe speaks:
// jQuery, callbacks, its examples as they stand there, with another host.
import { BridgeHost, test } from '../fixtures/bridge-host.ts';
import { SHARED_TITLE } from '../fixtures/browser.ts';
import { expect } from '../fixtures/test.ts';

/** What that product's documentation prints; `HOST` stands for its host. */
const PAGE = `<!doctype html><html lang="en"><head><title>Old page</title><link rel="icon" href="data:,">
<script src="/npm/jquery/dist/jquery.min.js"></script>
<script type="text/javascript" charset="utf-8" src="HOST/meetBridgeApi.js"></script>
</head><body style="height: 600px">
<iframe id="meetframe" allow="camera; microphone; display-capture" style="height: 100%; width: 100%;" src="HOST/call/?roomId=ROOM&displayName=Tom&nameScreenDisabled=true"></iframe>
<button id="start">Start</button><button id="next">Next</button>
<ul id="events"></ul>
<script>
var meetIframeBridge;
$('#meetframe').on("load", function() {
            meetIframeBridge = new MeetIframeBridge.default({ element: $("#meetframe")[0], roomId: "ROOM" });
            $.each(["join", "ready", "readyToJoin", "switchOnCamera", "newPeer", "connectionClosed"], function(_, name) {
              meetIframeBridge.on(name, (e) => { $("<li>").text(name + " " + (e.displayName || "")).appendTo("#events"); });
            });
});
$("#start").on("click", function() {
meetIframeBridge.method({ name: "join", data: {constraints: {video: false, audio: false }}, callback: (e) => { alert(1); return true; } });
});
</script></body></html>`;

/** All methods of that documentation, with data as it prints them. */
const CALLS: [string, string][] = [
  ['join', '{constraints: {video: true, audio: true }}'], ['enableMic', ''], ['disableMic', ''], ['enableWebcam', ''],
  ['disableWebcam', ''], ['enableShare', ''], ['disableShare', ''], ['changeDisplayName', '"Tom"'], ['setVolume', '100'],
  ['getScreenshotByPeerId', 'peer'], ['setControlsVisible', 'true'], ['isCameraEnabled', ''], ['isMicroEnabled', ''],
  ['isShareEnabled', ''],
  ['changeDevice', "{constraints: { audio: { deviceId: 'deviceId', label: 'Fake Default Audio Input', groupId: 'groupId', kind: 'audio'}}}"],
  ['muteAudio', ''], ['unmuteAudio', ''], ['playAudio', ''], ['setBitrate', '500000'], ['isFullscreenEnabled', ''],
  ['enableFullscreen', ''], ['disableFullscreen', ''], ['enablePin', 'peer'], ['disablePin', ''], ['setLocale', '"en"'],
  ['disabledTrackByModerator', "{userPeerId: peer, kind: 'audio'}"], ['disableAllMics', ''], ['disableAllCameras', ''],
  ['setHideIndicators', 'false'],
];

test('a jQuery page with callbacks works with another host name [method.join, event.ready, event.readyToJoin, event.join, event.newPeer]', async ({ people, room, server }) => {
  test.setTimeout(90_000);
  const host = await BridgeHost.serve({ '/': PAGE.replaceAll('HOST', server.origin).replaceAll('ROOM', room) });
  const tom = await people.arrive();
  const alerts: string[] = [];
  tom.page.on('dialog', async (dialog) => {
    alerts.push(dialog.message());
    await dialog.accept();
  });
  await tom.page.goto(`${host.origin}/`);
  const events = tom.page.locator('#events li');
  await expect(events.filter({ hasText: /^ready $/ })).toHaveCount(1);
  await expect(events.filter({ hasText: 'readyToJoin' })).toHaveCount(1);
  await tom.page.locator('#start').click();
  await expect(events.filter({ hasText: 'join Tom' })).toHaveCount(1);
  await expect.poll(() => alerts).toEqual(['1']);
  await people.join('Ben', { room });
  await expect(events.filter({ hasText: 'newPeer Ben' })).toHaveCount(1);
  const shared = await tom.page.context().newPage();
  await shared.setContent(`<!doctype html><title>${SHARED_TITLE}</title><link rel="icon" href="data:,">`);
  await tom.page.bringToFront();
  const answered: unknown[] = [];
  for (const [name, data] of CALLS) {
    const outcome = tom.page.evaluate(
      `(async () => {
        const [somebody] = (await meetIframeBridge.participants()).filter((one) => !one.me);
        const peer = somebody.peerId;
        return new Promise((done) => $("#next").off().on("click", function() {
          meetIframeBridge.method({
            name: "${name}", ${data ? `data: ${data},` : ''} callback: (e) => { done(e instanceof Error ? e.code : typeof e); return true; },
          });
        }).attr("title", "${name}"));
      })()`,
    );
    await tom.page.locator(`#next[title=${name}]`).click();
    answered.push([name, await outcome]);
    // the browser showed the shared tab, and is slow with those behind it
    if (name === 'enableShare') await tom.page.bringToFront();
  }
  // Tom is no moderator, and the old page allows no full screen
  const others = new Map([
    ['disabledTrackByModerator', 'forbidden'], ['disableAllMics', 'forbidden'], ['disableAllCameras', 'forbidden'],
    ['enableFullscreen', 'blocked_by_embedder'], ['getScreenshotByPeerId', 'string'],
  ]);
  expect(answered).toEqual(CALLS.map(([name]) => [name, others.get(name) ?? 'boolean']));
  await host.close();
});
