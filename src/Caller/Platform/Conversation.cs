using System.Text.Json.Nodes;
using Caller.Wire;

namespace Caller.Platform;

/// <summary>A call's history as the real-time workflow keeps it, and the request it makes of that for each turn.</summary>
/// <param name="model">The model id.</param>
/// <param name="call">What identifies the call; its sentenceId grows by one a turn.</param>
/// <param name="historySync">
/// Whether the history is cut to what was heard when the caller interrupts (HistorySyncWithTTS). Without it the history
/// holds all that had been received, and so overstates what the caller knows.
/// </param>
internal sealed class Conversation(string model, ExtendData call, bool historySync)
{
    /// <summary>Stands in the history where an answer was interrupted.</summary>
    public const string InterruptedMark = "<ims_agent_interrupted>";

    private readonly List<ChatRecord> _records = [];

    public IReadOnlyList<ChatRecord> Records => _records;

    /// <summary>The number of the turn last asked; 0 before the first.</summary>
    public int SentenceId { get; private set; } = call.SentenceId - 1;

    /// <summary>Adds what the caller said and returns the body of the turn's request.</summary>
    public JsonObject Ask(string speech)
    {
        _records.Add(ChatRecord.User(speech));
        return TurnBody.Create(model, _records, call with { SentenceId = ++SentenceId });
    }

    public void Answered(string text)
    {
        if (text.Length > 0)
        {
            _records.Add(ChatRecord.Assistant(text));
        }
    }

    /// <summary>The caller spoke before the answer was over.</summary>
    /// <param name="received">All that had arrived.</param>
    /// <param name="heard">What of it had been played.</param>
    public void Interrupted(string received, string heard) => Answered(historySync ? heard + InterruptedMark : received);
}
