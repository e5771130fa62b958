using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Switchboard.Transcripts;

namespace Switchboard.Testing;

/// <summary>A request to the table service.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path, which names the table or ends in <c>$batch</c>.</param>
internal sealed record TableRequest(string Method, string Path);

/// <summary>Stands between the app and its tables, and decides what becomes of each request.</summary>
internal abstract class TableProxy : ITableStorage, IAsyncDisposable
{
    /// <summary>Decides; by default everything is forwarded. It may wait.</summary>
    public Func<TableRequest, ValueTask<ProxyAction>> Decide { get; set; } = _ => ValueTask.FromResult(ProxyAction.Forward);

    public abstract string? ConnectionString { get; }

    /// <summary>Whether <paramref name="request"/> stores a turn.</summary>
    public static bool IsWrite(TableRequest request) => request.Path.EndsWith("/$batch", StringComparison.Ordinal);

    public static async Task<TableProxy> StartAsync(ITableStorage storage) => storage is Azurite azurite ? await AzuriteProxy.StartAsync(azurite) : new MemoryProxy(storage);

    public abstract TranscriptTables Open(string prefix);

    public abstract ValueTask DisposeAsync();
}

/// <summary>In front of Azurite.</summary>
internal sealed class AzuriteProxy : TableProxy
{
    private readonly HttpClient _tables;
    private WebApplication _app = null!;

    private AzuriteProxy(int port) =>
        _tables = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    public override string ConnectionString => Azurite.ConnectionTo(new Uri(_app.Urls.Single()).Port);

    public static async Task<AzuriteProxy> StartAsync(Azurite azurite)
    {
        var proxy = new AzuriteProxy(azurite.Port);
        proxy._app = await Loopback.StartAsync(app => app.Run(proxy.ForwardAsync));
        return proxy;
    }

    public override TranscriptTables Open(string prefix) => Azurite.Open(ConnectionString, prefix);

    public override async ValueTask DisposeAsync()
    {
        _tables.Dispose();
        await _app.DisposeAsync();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        switch (await Decide(new TableRequest(context.Request.Method, context.Request.Path.Value!)))
        {
            case ProxyAction.Drop:
                context.Abort();
                return;
            case ProxyAction.Busy:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case ProxyAction.Refuse:
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            case ProxyAction.DropAnswer:
                using (await AskAsync(context.Request))
                {
                    context.Abort();
                }

                return;
            default:
                using (var answer = await AskAsync(context.Request))
                {
                    await AnswerAsync(context.Response, answer);
                }

                return;
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        // To the letter: the target is part of the signature.
        using var onwards = new HttpRequestMessage(new HttpMethod(request.Method), request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget) { Content = new ByteArrayContent(body.ToArray()) };
        foreach (var (name, values) in request.Headers.Where(header => header.Key is not ("Host" or "Content-Length")))
        {
            if (!onwards.Headers.TryAddWithoutValidation(name, (string?)values))
            {
                onwards.Content.Headers.TryAddWithoutValidation(name, (string?)values);
            }
        }

        return await _tables.SendAsync(onwards);
    }

    private static async Task AnswerAsync(HttpResponse response, HttpResponseMessage answer)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
        {
            response.Headers[name] = values.ToArray();
        }

        if (answer.StatusCode is not HttpStatusCode.NoContent)
        {
            await answer.Content.CopyToAsync(response.Body);
        }
    }
}

/// <summary>What becomes of a request to the table service.</summary>
internal enum ProxyAction
{
    /// <summary>It gets there, and the answer comes back.</summary>
    Forward,

    /// <summary>It gets there, but the answer is lost on the way.</summary>
    DropAnswer,

    /// <summary>It is lost on the way.</summary>
    Drop,

    /// <summary>It is answered with 503.</summary>
    Busy,

    /// <summary>It is answered with 400.</summary>
    Refuse,
}
