using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>What the steps of a turn leave for its report.</summary>
internal sealed class TurnNotes
{
    /// <summary>The route that answered; null when none did.</summary>
    public string? Route { get; set; }

    /// <summary>How the turn failed, where the caller heard an apology or only a part; null when it did not.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Whether the caller heard an apology.</summary>
    public bool HasApologised { get; set; }

    /// <summary>The call actions that were performed.</summary>
    public List<PerformedAction> Actions { get; } = [];

    public static TurnNotes Of(ChatOptions? options) => (options as TurnOptions)?.Notes ?? new TurnNotes();
}
