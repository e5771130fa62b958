using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>Which calls of a day are meant. Nothing of it ever becomes part of a filter of the table service.</summary>
internal sealed record CallSearch
{
    /// <summary>All of them.</summary>
    public static readonly CallSearch All = new();

    /// <summary>How their worst turn ended, one of these; any where there is none.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = [];

    /// <summary>Any upstream, as <see cref="Failed"/>.</summary>
    public const string AnyUpstream = "*";

    /// <summary>An upstream that failed in it, also where another one answered, or <see cref="AnyUpstream"/>.</summary>
    public string? Failed { get; init; }

    /// <summary>The model of any of its turns; any where it is null, as below.</summary>
    public string? Model { get; init; }

    /// <summary>An action or a tool that was called.</summary>
    public string? Action { get; init; }

    /// <summary>What an id, or what was heard or spoken, has in it, in whatever case.</summary>
    public string? Text { get; init; }

    public bool IsAll => Outcomes is [] && Failed is null && Model is null && Action is null && Text is null;

    /// <summary>Whether a call is meant by what a list tells of it, but for <see cref="Text"/>.</summary>
    public bool Takes(CallSummary call) =>
        (Outcomes is [] || Outcomes.Contains(call.Outcome, StringComparer.Ordinal))
        && (Failed is null || (Failed == AnyUpstream ? call.FailedUpstreams is not [] : call.FailedUpstreams.Contains(Failed, StringComparer.OrdinalIgnoreCase)))
        && (Model is null || string.Equals(Model, call.Model, StringComparison.OrdinalIgnoreCase) || CallFigures.Read(call.Figures).Has(Model))
        && (Action is null || call.Actions.Contains(Action, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether <see cref="Text"/> is in what a list tells of a call.</summary>
    public bool IsIn(CallSummary call) => IsIn(call.InstanceId) || IsIn(call.ChannelId) || IsIn(call.Caller) || IsIn(call.FirstWords);

    /// <summary>Whether <see cref="Text"/> is in a row of the call.</summary>
    /// <param name="row">A turn, or what the platform told.</param>
    /// <param name="bytes">The memory that its words take.</param>
    public bool IsIn(TableEntity row, out long bytes)
    {
        if (TableKey.IsTurn(row.RowKey))
        {
            var turn = TurnTranscript.Read(row);
            bytes = turn.Size;
            return IsIn(turn.SentenceId) || IsIn(row.GetString(TurnTranscript.RequestIds)) || IsIn(turn.Heard) || IsIn(turn.Spoken);
        }

        var told = SentenceFacts.Read(row);
        bytes = sizeof(char) * told.Lines.Sum(line => (long)line.Length);
        return told.Lines.Any(line => IsIn(line.Text)) || IsIn(told.SentenceId);
    }

    private bool IsIn(string? text) => text?.Contains(Text!, StringComparison.OrdinalIgnoreCase) is true;
}

/// <summary>A page of a list of calls.</summary>
/// <param name="Calls">The calls, newest first.</param>
/// <param name="Next">The last row that was looked at, where there are more; else null.</param>
/// <param name="Searched">How many calls were looked at for it.</param>
/// <param name="InPart">How many of them are too long to be looked at whole, and have nothing of what is searched in their beginning.</param>
internal sealed record CallPage(IReadOnlyList<CallSummary> Calls, string? Next, int Searched, int InPart);
