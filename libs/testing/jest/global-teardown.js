/** Ends what global-setup.js started. Where this is not reached, the processes end by themselves. */
export default async function tearDown() {
  await globalThis.tillbridgeInfrastructure?.stop();
}
