FROM node:22-slim AS front
WORKDIR /source
COPY package.json package-lock.json ./
RUN npm ci --silent --ignore-scripts
COPY src/fuxiao/web/front src/fuxiao/web/front
RUN npm run --silent build

FROM python:3.13-slim
RUN useradd --create-home fuxiao && install -d -o fuxiao /home/fuxiao/home
WORKDIR /source
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
COPY --from=front /source/src/fuxiao/web/static src/fuxiao/web/static
RUN pip install --no-cache-dir --no-deps --no-build-isolation .
USER fuxiao
ENV FUXIAO_HOME=/home/fuxiao/home
EXPOSE 8000
CMD ["fuxiao", "serve", "--host", "0.0.0.0"]
