// The oldest browsers that the output is for. Build and check read it here; docs/browsers.md tells it.

/** What a page loads. Where WebAssembly, or a feature of it, is missing, the engine is plain JavaScript. */
export const WIDGET = { chrome: '87', firefox: '75', safari: '14.1' };

/** What opens in the frame, and the agents' page. */
export const PANEL = { chrome: '109', firefox: '115', safari: '16.4' };

/** For esbuild: `chrome87` and so on. */
export const target = (browsers) => Object.entries(browsers).map(([name, version]) => name + version);
