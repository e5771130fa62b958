namespace Switchboard.Tests.Resilience;

/// <summary>A row of docs/faults.md: what becomes of one failure of an upstream.</summary>
/// <param name="Name">What the upstream does.</param>
/// <param name="Start">Starts an upstream that does it; it goes on when the task completes.</param>
/// <param name="Heard">What the caller hears of its answer.</param>
/// <param name="Code">The error after that, where no apology is configured; null for a turn that ends well.</param>
/// <param name="Time">By when it is over.</param>
/// <param name="Logged">What the log says of it; null for nothing.</param>
/// <param name="FailsOver">Whether the next upstream is asked.</param>
internal sealed record FaultRow(string Name, Func<Task, FaultyUpstream> Start, string Heard, string? Code, FaultTime Time, string? Logged, bool FailsOver)
{
    /// <summary>The name and arguments of the tool call; null for none.</summary>
    public (string Name, string Arguments)? Call { get; init; }

    /// <summary>Whether <see cref="Heard"/> is only how it begins.</summary>
    public bool GoesOn { get; init; }

    /// <summary>How often the upstream is asked at most.</summary>
    public int MostAsked { get; init; } = 1;

    /// <summary>Whether anything is wrong with the answer.</summary>
    public bool IsFailure => Logged is not null;

    /// <summary>The row of the table.</summary>
    public string Markdown => $"| {Name} | {WithoutApology} | {WithApology} | {WithAnother} | {Within} | {Log} |";

    private string Said => Call is not null ? "the tool call" : $"“{Heard.Trim()}{(GoesOn ? "…" : "")}”";

    private string WithoutApology =>
        !IsFailure ? Said
        : Code is null ? $"{Said}, then the end"
        : Heard.Length > 0 ? $"{Said}, then an error event `{Code}`"
        : $"{(Code == "upstream_timeout" ? 504 : 502)} `{Code}`";

    private string WithApology => !IsFailure ? Said : Heard.Length > 0 ? $"{Said}, then the apology" : "the apology";

    private string WithAnother => FailsOver ? "the other's answer" : IsFailure ? "as alone" : Said;

    private string Within => Time switch
    {
        FaultTime.FirstSpeech => "`FirstSpeech:Deadline`",
        FaultTime.Stall => "`StallTimeout` after the last piece",
        FaultTime.Turn => "`Limits:TurnTimeout`",
        FaultTime.Tail => "200 ms after its finish reason",
        FaultTime.WhenItGoesOn => "as it comes",
        _ => "at once",
    };

    private string Log => IsFailure ? Logged! : "–";
}
