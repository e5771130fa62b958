namespace Switchboard.Contract;

/// <summary>What stands the same on every chunk of one answer.</summary>
/// <param name="Id">The id of the completion, <c>chatcmpl-…</c>.</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Model">The model id, as requested.</param>
internal sealed record CompletionHead(string Id, long Created, string Model)
{
    public static CompletionHead Create(string model, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new CompletionHead($"chatcmpl-{Guid.CreateVersion7(now):N}", now.ToUnixTimeSeconds(), model);
    }
}
