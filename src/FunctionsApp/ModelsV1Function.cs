using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Switchboard.Endpoints;

namespace FunctionsApp;

/// <summary>Lists the models, below <c>v1</c>.</summary>
public sealed class ModelsV1Function(ModelsEndpoint endpoint)
{
    [Function("ModelsV1")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.ModelsV1)] HttpRequest request) =>
        endpoint.HandleAsync(request.HttpContext);
}
