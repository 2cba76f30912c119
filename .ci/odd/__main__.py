"""`python .ci/odd`: write the generated parts of sim/ODD.md."""

import sys

from odd import main

sys.exit(main())
