using Caller.Wire;

namespace Caller.Check;

/// <summary>A request that was made for the checks, and its answer.</summary>
/// <param name="Name">One of <see cref="ProbeNames"/>.</param>
/// <param name="Kind">How its answer may be judged.</param>
/// <param name="Said">The texts of all messages sent, for comparing token counts.</param>
/// <param name="Exchange">What came back.</param>
internal sealed record Probe(string Name, ProbeKind Kind, string Said, Exchange Exchange);
