using Microsoft.Extensions.AI;
using Polly;
using Switchboard.Contract;

namespace Switchboard.Failover;

/// <summary>One way to get an answer: an upstream, or the only responder of a model.</summary>
/// <param name="Responder">Who is asked.</param>
/// <param name="Client">What answers.</param>
/// <param name="Circuit">Skips the route while it keeps failing, and probes it again.</param>
internal sealed record Route(ResponderName Responder, IChatClient Client, ResiliencePipeline Circuit);

/// <summary>How long a turn waits for an answer.</summary>
/// <param name="Deadline">For the first speakable text of one attempt.</param>
/// <param name="HedgeAfter">Until the next route is asked beside a slow one; null for never.</param>
/// <param name="Stall">For the next update once something was said.</param>
internal sealed record AnswerTimeouts(TimeSpan Deadline, TimeSpan? HedgeAfter, TimeSpan Stall);
