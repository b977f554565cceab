var builder = WebApplication.CreateSlimBuilder(args);
var app = builder.Build();
app.MapGet("/api/App/Version", () => Results.Json("2026.1.0.0"));
await app.RunAsync();
