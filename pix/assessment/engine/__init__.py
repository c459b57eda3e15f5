"""The pure engine of a test: reads a question, judges an answer, learns from it, chooses the next, counts the pix.

Values in, values out: no Django, no clock, no database, no global chance. What a domain calls, in the order of a run:

1. ``frames``: a ``Frame`` per campaign or competence and release, built once and kept in memory.
2. ``interface``: ``Classic().start(frame, kind, config, seed, evidence, run=…, history=…)`` makes the ``State`` of a run,
   new or resumed from the knowledge rows and the log; ``next_item(frame, state)`` → ``Pick`` or ``Finished``.
3. ``syntax.read_for_run(type, proposals, solution, …)`` (texts filled with the pupil's draw) → what to show and judge;
   ``correction.judge(question, value, …)`` → ``Outcome``; ``syntax.MalformedAnswer`` → 422 with its ``code``.
4. ``interface.answer(frame, state, pick, outcome.status, seconds, at=micros(now))`` → the next ``State``;
   ``gained(before, after)`` → the evidence to store, split by row with ``knowledge.changes_by_competence``.
5. ``knowledge.CompetenceState``: one row per (user, competence): ``with_changes``, ``without`` (reset), ``dump``/``load``,
   ``units``, ``level()``, ``pix()``, ``last_at``; ``knowledge.rebuild(log, assessments)`` gives the same bytes.
6. ``scoring``: pix, levels, certifiable, delays, ``mastery``, stages. ``simulation``: virtual pupils over the same door.

Storing the served question until it is answered, locks, and « first outcome wins » belong to the domain around.
"""
