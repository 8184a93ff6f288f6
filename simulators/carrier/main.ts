import { runSystems } from '../start-systems';

runSystems(['carrier']);
