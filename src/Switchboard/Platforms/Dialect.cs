using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>How one platform says which call a request belongs to, and what it wants of an answer.</summary>
/// <param name="Name">What settings, logs and transcripts call the platform.</param>
internal sealed record Dialect(string Name)
{
    /// <summary>Whether a request is this platform's. One whose requests look like those of any client never says so, and is named by the settings.</summary>
    public Func<CallRequest, bool> Recognises { get; init; } = _ => false;

    /// <summary>What a request of this platform says of its call. What is missing or has another form than it should is passed over.</summary>
    public required Func<CallRequest, CallContext> Read { get; init; }

    /// <summary>Refuses what its requests must not have, by an <see cref="ApiException"/>; null where nothing is refused.</summary>
    public Action<CallRequest>? Check { get; init; }

    /// <summary>What it says that has to be short, each with the name that an error gives it.</summary>
    public IReadOnlyList<(string Name, Func<CallContext, string?> ValueOf)> Ids { get; init; } = [];

    /// <summary>What its answers must look like.</summary>
    public AnswerForm Answer { get; init; } = AnswerForm.Plain;

    /// <summary>
    /// Whether only the caller's words, or what a tool found, are to be answered. Elsewhere a request that ends with something else is one for a
    /// greeting.
    /// </summary>
    public bool AnswersOnlyTheCaller { get; init; }

    /// <summary>How a hang-up and a transfer leave.</summary>
    public CallControl Control { get; init; } = CallControl.ByTool;
}
