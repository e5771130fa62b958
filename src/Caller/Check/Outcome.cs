namespace Caller.Check;

internal enum Outcome
{
    Held,
    Failed,

    /// <summary>The server does nothing that the check could judge, for instance it never called a tool.</summary>
    NotApplicable,

    /// <summary>Could not be judged, because an earlier failure or the time limit stopped the run before it.</summary>
    NotRun,
}
