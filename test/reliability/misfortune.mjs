// Loaded into the server before it starts (node --import): makes the mistake of a program when told to by a signal. The
// server itself is the built one, unchanged.
process.on('SIGUSR2', () => {
  throw new Error('misfortune: throw');
});
process.on('SIGURG', () => {
  void Promise.reject(new Error('misfortune: reject'));
});
