using Microsoft.AspNetCore.Http;
using Switchboard.Access;
using Switchboard.Models;
using Switchboard.Telemetry;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>Answers <c>GET models</c>: the configured model ids.</summary>
public sealed class ModelsEndpoint
{
    private readonly BearerCheck _access;
    private readonly ModelList _models;

    internal ModelsEndpoint(BearerCheck access, ModelCatalog models, TimeProvider time)
    {
        _access = access;
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        _models = new ModelList([.. models.Ids.Select(id => new ModelCard(id, created))]);
    }

    public Task<IResult> HandleAsync(HttpContext context)
    {
        context.Response.Headers[RequestId.Header] = RequestId.New();
        try
        {
            _access.Demand(context.Request);
            return Task.FromResult(Results.Json(_models, EndpointJson.Default.ModelList));
        }
        catch (ApiException refusal)
        {
            return Task.FromResult<IResult>(new ErrorResult(refusal));
        }
    }
}
