using System.Text;

namespace FunctionsApp.Tests;

/// <summary>A caller of a server that keeps no state.</summary>
internal sealed class Client(Uri address, string? key = PublishedWorker.Key) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = PublishedWorker.Limit };

    public static HttpContent Turn(string model, string said = "Hello", string more = "") => new StringContent(
        $$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"{{said}}"}]{{more}}}""", Encoding.UTF8, "application/json");

    public Task<HttpResponseMessage> PostAsync(HttpContent content, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead) =>
        SendAsync(HttpMethod.Post, "v1/chat/completions", content, completion: completion);

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path, content: null);

    /// <param name="method">The method.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="content">The body, if any.</param>
    /// <param name="header">One more header, as it stands in a request.</param>
    /// <param name="completion">When to return.</param>
    /// <param name="expectContinue">Whether to ask before the body is sent: a server that refuses it at once has closed the connection when it comes.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        string? header = null,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead,
        bool expectContinue = false)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.ExpectContinue = expectContinue;
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        if (header?.Split(": ", 2) is [var name, var value])
        {
            // One that belongs to the body is refused by those of the request.
            Assert.True(request.Headers.TryAddWithoutValidation(name, value) || content!.Headers.TryAddWithoutValidation(name, value));
        }

        return await _client.SendAsync(request, completion, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _client.Dispose();
}
