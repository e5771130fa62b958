namespace Switchboard.Actions;

/// <summary>Directives of the IMS workflow that lead every answer: <c>Models:n:Directives</c>. Other platforms would read them aloud.</summary>
public sealed class DirectivesOptions
{
    /// <summary>Whether callers can't interrupt: <c>&lt;No Interrupting&gt;</c>. Default false.</summary>
    public bool NoInterrupting { get; set; }

    /// <summary>How the answer is spoken: <c>{{emotion=…}}</c>. Default none.</summary>
    public Emotion? Emotion { get; set; }
}
