// One stream of live updates for all tabs of a browser.
self.onconnect = () => {};
