from tests.support import story, story_disputes, story_registers
import time
async def test_x(system):
    """X."""
    t0=time.time()
    t = story.Teller(system.caller(), system.profile, system.today, 1)
    await story_registers.begin(t)
    steps=[story_disputes.register]*3+[story_disputes.go_on]*14+list(story_registers.STEPS)
    await story.until_told(t, steps, 700)
    print(time.time()-t0, sum(t.told.values()), sum(t.refused.values()))
    for m,c in sorted(t.told.items()): print(m,c)
    print('REF')
    for m,c in t.refused.most_common(40): print(m,c)
    await system.until_equal()
    print(time.time()-t0, len(await system.figures()))
