using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Switchboard.Endpoints;

namespace FunctionsApp;

/// <summary>Lists the models.</summary>
public sealed class ModelsFunction(ModelsEndpoint endpoint)
{
    [Function("Models")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Models)] HttpRequest request) =>
        endpoint.HandleAsync(request.HttpContext);
}
