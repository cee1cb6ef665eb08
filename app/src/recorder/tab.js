// Asks for the capture of this tab before the page's program is there. The
// browser's bar that says so comes then, and the page gets its size, while
// everything else loads: after a crash each half second would be missing.
(() => {
  const tab = { asked: undefined, resized: performance.now() };
  addEventListener("resize", () => {
    tab.resized = performance.now();
  });
  // the tab as it is heard and seen: nothing made better, nothing made silent
  tab.asked = navigator.mediaDevices.getDisplayMedia({
    preferCurrentTab: true,
    selfBrowserSurface: "include",
    surfaceSwitching: "exclude",
    video: { displaySurface: "browser" },
    audio: {
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      channelCount: 2,
      suppressLocalAudioPlayback: false,
    },
  });
  // the program says why there is none
  tab.asked.catch(() => undefined);
  self.recorderTab = tab;
})();
