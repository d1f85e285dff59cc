// Tests that start a server or a browser may take longer than pure ones.
jest.setTimeout(120_000);
