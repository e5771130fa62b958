using System.Text.Json.Nodes;
using Caller.Wire;

namespace Caller.Platform;

/// <summary>A call's history as the platform keeps it, and the requests it makes of that for each turn.</summary>
/// <param name="platform">Who calls.</param>
/// <param name="call">What identifies the call.</param>
/// <param name="historySync">
/// Whether IMS cuts the history to what was heard when the caller interrupts (HistorySyncWithTTS). Without it the history
/// holds all that had been received, and so overstates what the caller knows.
/// </param>
/// <param name="time">The clock; null: the system's.</param>
internal sealed class Conversation(VoicePlatform platform, CallFacts call, bool historySync, TimeProvider? time = null)
{
    /// <summary>Stands in the history of IMS where an answer was interrupted.</summary>
    public const string InterruptedMark = "<ims_agent_interrupted>";

    private readonly List<JsonObject> _records = platform.Opening is { } opening ? [ChatMessages.Plain("assistant", opening)] : [];
    private TurnFacts _turn = new(0, 0, default);
    private readonly List<(JsonObject Message, string Result)> _unfinished = [];
    private int _turnStart;
    private int _guesses;

    public VoicePlatform Platform => platform;

    /// <summary>The number of the turn last asked; 0 before the first.</summary>
    public int SentenceId => _turn.Turn;

    /// <summary>What was kept last.</summary>
    public ChatRecord? Last => _records.Count == 0 ? null : new(_records[^1]["role"]!.GetValue<string>(), _records[^1]["content"]?.ToString() ?? "");

    private TurnValues Values => new(call, _turn);

    /// <summary>The request on what the caller is believed to be about to say; the turn itself is still to be asked.</summary>
    public TurnRequest Guess(string speech)
    {
        _turn = new TurnFacts(SentenceId + 1, _guesses++, (time ?? TimeProvider.System).GetUtcNow());
        _turnStart = _records.Count;
        _records.Add(ChatMessages.User(platform, Values, speech));
        var request = Request();
        _records.RemoveAt(_turnStart);
        _turn = _turn with { Turn = _turn.Turn - 1 };
        return request;
    }

    /// <summary>Adds what the caller said and returns the turn's request.</summary>
    public TurnRequest Ask(string speech)
    {
        _turn = new TurnFacts(_turn.Turn + 1, _guesses, (time ?? TimeProvider.System).GetUtcNow());
        _guesses = 0;
        _turnStart = _records.Count;
        _records.Add(ChatMessages.User(platform, Values, speech));
        return Request();
    }

    /// <summary>The model is asked again within the turn, with the results of its tools.</summary>
    public TurnRequest AskAgain()
    {
        _turn = _turn with { Follow = _turn.Follow + 1 };
        return Request();
    }

    public void Answered(string text)
    {
        if (text.Length > 0)
        {
            _records.Add(ChatMessages.Assistant(platform, Values, text));
        }
    }

    /// <summary>The platform has run tools.</summary>
    public void Ran(IReadOnlyList<(ToolUse Use, string Result)> results)
    {
        _records.Add(ChatMessages.Calls(platform, [.. results.Select(result => result.Use)]));
        _records.AddRange(results.Select(result => ChatMessages.Result(platform, result.Use, result.Result)));
    }

    /// <summary>The platform has begun to run tools, and the caller speaks on before their results are there.</summary>
    public void Began(IReadOnlyList<(ToolUse Use, string Result)> results)
    {
        Ran([.. results.Select(result => (result.Use, platform.Unfinished!))]);
        _unfinished.AddRange(_records.TakeLast(results.Count).Zip(results, (message, result) => (message, result.Result)));
    }

    /// <summary>The results of tools that were begun are there.</summary>
    public void Finish()
    {
        foreach (var (message, result) in _unfinished)
        {
            message["content"] = result;
        }

        _unfinished.Clear();
    }

    /// <summary>The caller spoke before the answer was over.</summary>
    /// <param name="received">All that had arrived.</param>
    /// <param name="heard">What of it had been played.</param>
    public void Interrupted(string received, string heard)
    {
        if (platform.IsIms)
        {
            Answered(historySync ? heard + InterruptedMark : received);
        }
        else if (platform.Interrupted is { } form && heard.Length > 0)
        {
            _records.Add(Filling.Object(form, Values.With("text", () => heard).With("original", () => received)));
        }
        else
        {
            Answered(heard);
        }
    }

    private TurnRequest Request()
    {
        var earlier = _records.Take(_turnStart).ToList();
        var kept = platform.History is { } most ? earlier.Skip(Math.Max(0, earlier.Count - most)) : earlier;
        return TurnRequest.Create(platform, call, _turn, kept.Concat(_records.Skip(_turnStart)));
    }
}
