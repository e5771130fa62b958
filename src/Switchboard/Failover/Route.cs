using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Failover;

/// <summary>One way to get an answer: an upstream, or the only responder of a model.</summary>
/// <param name="Responder">Who is asked.</param>
/// <param name="Client">What answers.</param>
/// <param name="Circuit">Knows whether the route keeps failing; null for a responder that is no upstream.</param>
internal sealed record Route(ResponderName Responder, IChatClient Client, Circuit? Circuit);

/// <summary>How long a turn waits for an answer.</summary>
/// <param name="Deadline">For the first speakable text of one attempt.</param>
/// <param name="Sentence">For the end of its first sentence.</param>
/// <param name="HedgeAfter">Until the next route is asked beside a slow one; null for never.</param>
/// <param name="Stall">For the next sentence's worth of speech once something was said.</param>
internal sealed record AnswerTimeouts(TimeSpan Deadline, TimeSpan Sentence, TimeSpan? HedgeAfter, TimeSpan Stall);
