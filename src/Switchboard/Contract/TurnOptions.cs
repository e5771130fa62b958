using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Contract;

/// <summary>Chat options that carry the call along the pipeline. Cloning keeps it.</summary>
internal sealed class TurnOptions : ChatOptions
{
    /// <param name="call">The call.</param>
    /// <param name="callerGone">The <see cref="CallerGone"/>.</param>
    public TurnOptions(CallContext call, CancellationToken callerGone = default)
    {
        Call = call;
        CallerGone = callerGone;
        Notes = new TurnNotes();
    }

    private TurnOptions(TurnOptions other)
        : base(other)
    {
        Call = other.Call;
        CallerGone = other.CallerGone;
        RequestId = other.RequestId;
        Stopped = other.Stopped;
        Notes = other.Notes;
        Origin = other.Origin;
    }

    public CallContext Call { get; }

    /// <summary>The request, as the answer's <c>x-request-id</c> names it; null outside a turn.</summary>
    public string? RequestId { get; init; }

    /// <summary>Who asks, and what tells that it is not for the first time; null where nobody can ask again.</summary>
    public RequestOrigin? Origin { get; set; }

    /// <summary>Is cancelled when nobody listens any more; the turn's own token also when its time is up.</summary>
    public CancellationToken CallerGone { get; set; }

    /// <summary>Is cancelled when the app stops and can wait no longer: what was said by then is the answer.</summary>
    public CancellationToken Stopped { get; set; }

    public TurnNotes Notes { get; }

    /// <summary>A logger for a step, whose lines name the turn; where there is none, the one that is given.</summary>
    public static ILogger LoggerOf(ILogger logger, ChatOptions? options) =>
        options is TurnOptions { RequestId: { } request } turn ? new TurnLogger(logger, turn.Call.InstanceId, request) : logger;

    public override ChatOptions Clone() => new TurnOptions(this);
}

/// <summary>Who asks, and what tells that a request was sent before.</summary>
/// <param name="Owner">The digest of the key: nothing of one key's calls is another's.</param>
/// <param name="RepeatKey">What the client calls the request itself, the same each time that it sends it; null when it does not.</param>
/// <param name="Retries">How often the client says that it has tried before.</param>
internal sealed record RequestOrigin(string Owner, string? RepeatKey, int Retries);

/// <summary>What the steps of a turn leave for its report.</summary>
internal sealed class TurnNotes
{
    // Each round of a turn with tools may ask all routes anew.
    private const int MaxFailures = 16;

    private readonly List<RouteFailure> _failures = [];

    /// <summary>Who answered; null when nobody did.</summary>
    public ResponderName? Route { get; set; }

    /// <summary>How the turn failed, where the caller heard an apology or only a part; null when it did not.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Whether the caller heard an apology.</summary>
    public bool HasApologised { get; set; }

    /// <summary>The tools that the responder was offered in this turn, by name, also where a later round has none.</summary>
    public Dictionary<string, AITool> Tools { get; } = new(StringComparer.Ordinal);

    /// <summary>How often the responder was told in this turn that a tool call of its cannot be made.</summary>
    public int RefusedCalls { get; set; }

    /// <summary>Whether a call action was asked for that ends the answer, whatever comes before it.</summary>
    public bool IsEnding { get; set; }

    /// <summary>The platform's tools that call actions take over: the action's function by the tool's name. The responder is not offered them, and a call of one is a call of the action.</summary>
    public Dictionary<string, string> TakenOver { get; } = new(StringComparer.Ordinal);

    /// <summary>The call actions, by name, that the platform says in this request that it has done.</summary>
    public HashSet<string> Done { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the last words of a call that is over are still to be said.</summary>
    public bool WantsLastWords { get; set; }

    /// <summary>Whether an answer without a word is whole: the call is over, and the caller has heard the goodbye.</summary>
    public bool MayBeSilent { get; set; }

    /// <summary>The call actions that were performed, and those that the platform has no form for.</summary>
    public List<PerformedAction> Actions { get; } = [];

    /// <summary>What the upstreams were asked.</summary>
    public TurnSpending Spending { get; } = new();

    /// <summary>Told when the turn is over, whether its answer was whole: then the client has no reason to ask again. Null when nobody wants to know.</summary>
    public Action<bool>? Ended { get; set; }

    /// <summary>Tells that a route failed. A probe may do so when the turn is over.</summary>
    public void AddFailure(RouteFailure failure)
    {
        lock (_failures)
        {
            if (_failures.Count < MaxFailures)
            {
                _failures.Add(failure);
            }
        }
    }

    /// <summary>Which routes failed so far, in order, the first 16.</summary>
    public IReadOnlyList<RouteFailure> Failures
    {
        get
        {
            lock (_failures)
            {
                return [.. _failures];
            }
        }
    }

    public static TurnNotes Of(ChatOptions? options) => (options as TurnOptions)?.Notes ?? new TurnNotes();
}

/// <summary>A route that did not answer a turn.</summary>
/// <param name="Route">Who was asked.</param>
/// <param name="Failure">How that failed.</param>
internal sealed record RouteFailure(ResponderName Route, Exception Failure)
{
    /// <summary>One of few words for it, such as <c>silent</c> and <c>status 429</c>.</summary>
    public string Reason => Word(Failure) ?? "error";

    /// <summary>Null for what is no failure of a responder.</summary>
    public static string? Word(Exception? failure) => failure switch
    {
        ResponderException { Status: { } status } => string.Create(CultureInfo.InvariantCulture, $"status {status}"),
        ResponderException known => string.Concat(known.Failure.ToString().Select((letter, index) => (index > 0 && char.IsUpper(letter) ? " " : "") + char.ToLowerInvariant(letter))),
        _ => null,
    };
}

/// <summary>A call action on its way to the platform, or one that cannot be done there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">What it does exactly, as JSON.</param>
/// <param name="Content">What carries it: a tool call, or a directive in the text; null where the platform has no form for it.</param>
internal sealed record PerformedAction(string Name, string Arguments, AIContent? Content);
