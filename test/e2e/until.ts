export { until } from '../../bin/contract/until.ts'
