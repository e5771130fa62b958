namespace Caller.Check;

internal sealed record CheckResult(Check Check, Verdict Verdict)
{
    /// <summary>A required check that was not shown to hold: it failed, or the run did not get to it.</summary>
    public bool Blocks => Check.Level == CheckLevel.Required && Verdict.Outcome is (Outcome.Failed or Outcome.NotRun);
}
