"""First names that are common in the United States, and words of things that are called like people.

Left out on purpose: names that are as often places, months, virtues or words (Austin, April, Grace, Mark, Will), so
that lists of cities, schools and counties are no lists of people.
"""

FIRST_NAMES = frozenset(
    """
    james robert john michael david william richard joseph thomas christopher daniel matthew anthony steven andrew
    paul joshua kenneth kevin brian timothy ronald jason jeffrey gary nicholas eric jonathan stephen larry justin scott
    brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry tyler aaron jose adam nathan
    henry zachary douglas peter kyle noah ethan jeremy walter christian keith roger terry austen sean gerald carl harold
    dylan arthur lawrence jesse bryan bruce gabriel joe logan alan juan elijah willie albert wayne randy mason vincent
    liam roy bobby caleb bradley russell lucas jamal darnell tyrone deshawn malik andre carlos luis jorge miguel
    pedro jesus francisco alejandro ricardo fernando manuel rafael javier hector sergio eduardo oscar mohammed muhammad
    ahmed ali omar hassan ibrahim yusuf wei chen li ming jin hiroshi raj amit sanjay vijay anil
    mary patricia jennifer linda elizabeth barbara susan jessica karen sarah lisa nancy sandra betty ashley emily
    kimberly margaret donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy
    kathleen angela shirley emma brenda pamela nicole anna samantha katherine christine debra rachel carolyn janet
    maria olivia heather helen catherine diane julie victoria joyce lauren kelly christina ruth joan evelyn
    judith andrea hannah megan cheryl jacqueline martha teresa sara janice ann gloria kathryn theresa abigail jean
    sophia judy alice isabella julia denise amber danielle marilyn beverly tiffany brittany diana natalie lakisha
    latoya keisha shanice ebony imani aisha fatima khadija carmen rosa ana guadalupe juana yolanda alejandra gabriela
    lucia sofia valentina camila mei yan priya anita sunita kavita olga svetlana
    ava mia zoe ella lily avery harper layla riley nora leah stella aria jayden aiden owen luke isaac levi julian
    """.split()
)

# A cell with one of them is of a place, a body or a group.
THINGS = frozenset(
    """
    school elementary middle high academy charter center centre church parish park street avenue road heights hills
    house houses apartments apartment towers tower village county city town district ward block cluster site clinic
    hospital library university college program team group office court homes gardens manor plaza square station
    county tract zone region north south east west arm control treatment prep preparatory memorial building
    """.split()
)
