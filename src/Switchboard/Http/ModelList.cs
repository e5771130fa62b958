namespace Switchboard.Http;

/// <summary>The answer of <c>GET models</c>.</summary>
/// <param name="Data">The models.</param>
/// <param name="Object">Always <c>list</c>.</param>
/// <remarks>https://platform.openai.com/docs/api-reference/models/list</remarks>
internal sealed record ModelList(IReadOnlyList<ModelCard> Data, string Object = "list");
