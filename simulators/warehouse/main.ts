import { runSystems } from '../start-systems';

runSystems(['warehouse']);
