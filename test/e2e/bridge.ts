/** This machine's address on the bridge of Docker. */
import { execa } from 'execa'

/** An engine that has been started for the first time tells only the subnet, whose first address it takes (20.10). */
export async function bridgeAddress(): Promise<string> {
  const [bridge] = JSON.parse((await execa('docker', ['network', 'inspect', 'bridge'])).stdout)
  const { Gateway, Subnet } = bridge.IPAM.Config[0] as { Gateway?: string; Subnet: string }
  return Gateway ?? Subnet.replace(/\.0\/\d+$/, '.1')
}
