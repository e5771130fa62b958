using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Switchboard.Tests.Transcripts;

/// <summary>Stands between the app and Azurite, and decides what becomes of each request.</summary>
internal sealed class RoughRoad : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _onwards;

    private RoughRoad(WebApplication app, int port)
    {
        _app = app;
        _onwards = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Decides; by default everything arrives. It may wait.</summary>
    public Func<HttpRequest, ValueTask<Fate>> Decide { get; set; } = _ => ValueTask.FromResult(Fate.Arrive);

    public string ConnectionString => Azurite.ConnectionTo(new Uri(_app.Urls.Single()).Port);

    /// <summary>Whether <paramref name="request"/> stores a turn.</summary>
    public static bool IsWrite(HttpRequest request) => request.Path.Value!.EndsWith("/$batch", StringComparison.Ordinal);

    public static async Task<RoughRoad> StartAsync(Azurite azurite)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var road = new RoughRoad(app, azurite.Port);
        app.Run(road.ForwardAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return road;
    }

    public async ValueTask DisposeAsync()
    {
        _onwards.Dispose();
        await _app.DisposeAsync();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        switch (await Decide(context.Request))
        {
            case Fate.Lose:
                context.Abort();
                return;
            case Fate.Busy:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case Fate.Refuse:
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            case Fate.LoseAnswer:
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

        return await _onwards.SendAsync(onwards);
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
